import {
  Activity,
  BookOpen,
  Boxes,
  Coins,
  Cpu,
  HardDrive,
  House,
  type LucideIcon,
  ReceiptText,
  Wallet,
} from 'lucide-react'

export type Destination = {
  readonly to:
    | '/'
    | '/wallet'
    | '/tokens'
    | '/explorer'
    | '/compute'
    | '/lend'
    | '/billing'
    | '/operations'
    | '/docs'
  readonly label: string
  /** Pages that belong to it and do not stand below it. */
  readonly also?: readonly string[]
  readonly group: 'Use' | 'Inspect' | 'Run' | 'Help' | undefined
  readonly icon: LucideIcon
}

/** The pages that the rail names, in groups of what people come for. */
export const destinations: readonly Destination[] = [
  { to: '/', label: 'Overview', group: undefined, icon: House },
  { to: '/wallet', label: 'Wallet', group: 'Use', icon: Wallet },
  { to: '/tokens', label: 'Tokens', group: 'Use', icon: Coins },
  { to: '/explorer', label: 'Explorer', group: 'Inspect', icon: Boxes },
  { to: '/compute', label: 'Compute', also: ['/requests', '/darkroom'], group: 'Run', icon: Cpu },
  { to: '/lend', label: 'Lend', group: 'Run', icon: HardDrive },
  { to: '/billing', label: 'Billing', group: 'Run', icon: ReceiptText },
  { to: '/operations', label: 'Operations', group: 'Run', icon: Activity },
  { to: '/docs', label: 'Documentation', group: 'Help', icon: BookOpen },
]
