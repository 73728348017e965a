import { Activity, BookOpen, Boxes, Coins, HandCoins, House, type LucideIcon, Wallet } from 'lucide-react'

export type Destination = {
  readonly to: '/' | '/wallet' | '/tokens' | '/explorer' | '/billing' | '/operations' | '/docs'
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
  { to: '/billing', label: 'Sponsored fees', group: 'Run', icon: HandCoins },
  { to: '/operations', label: 'Network health', group: 'Run', icon: Activity },
  { to: '/docs', label: 'Documentation', group: 'Help', icon: BookOpen },
]

/** Further pages that search finds by words. */
export const searchPages = [
  { to: '/wallet/send', label: 'Send money', words: 'pay transfer payment' },
  { to: '/wallet/receive', label: 'Receive money', words: 'qr address deposit' },
  { to: '/tokens/create', label: 'Create a token', words: 'new asset issue' },
  { to: '/explorer/tokens', label: 'All tokens', words: 'assets' },
  { to: '/explorer/validators', label: 'Validators', words: 'nodes delegates finality' },
] as const
