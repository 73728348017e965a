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
  readonly group: 'Use' | 'Inspect' | 'Run' | 'Help' | undefined
  readonly icon: LucideIcon
}

/** The pages that the rail names, in groups of what people come for. */
export const destinations: readonly Destination[] = [
  { to: '/', label: 'Overview', group: undefined, icon: House },
  { to: '/wallet', label: 'Wallet', group: 'Use', icon: Wallet },
  { to: '/tokens', label: 'Tokens', group: 'Use', icon: Coins },
  { to: '/explorer', label: 'Explorer', group: 'Inspect', icon: Boxes },
  { to: '/compute', label: 'Compute', group: 'Run', icon: Cpu },
  { to: '/lend', label: 'Lend', group: 'Run', icon: HardDrive },
  { to: '/billing', label: 'Billing', group: 'Run', icon: ReceiptText },
  { to: '/operations', label: 'Operations', group: 'Run', icon: Activity },
  { to: '/docs', label: 'Documentation', group: 'Help', icon: BookOpen },
]

/** Further pages that search finds by words. */
export const searchPages = [
  { to: '/wallet/send', label: 'Send money', words: 'pay transfer payment' },
  { to: '/wallet/receive', label: 'Receive money', words: 'qr address deposit' },
  { to: '/tokens/create', label: 'Create a token', words: 'new asset issue' },
  { to: '/explorer/tokens', label: 'All tokens', words: 'assets' },
  { to: '/darkroom', label: 'Darkroom', words: 'pictures gallery editor script' },
  { to: '/requests', label: 'Your requests', words: 'work jobs history' },
  { to: '/billing/sponsored', label: 'Sponsored fees', words: 'sponsor budget' },
  { to: '/operations/computing', label: 'Computing', words: 'region miners queues operations' },
  { to: '/explorer/validators', label: 'Validators', words: 'nodes delegates finality' },
] as const
