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
