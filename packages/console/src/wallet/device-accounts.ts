/** An account that this device can sign for. It holds no secret: passkeys and wallets keep theirs, and those of test people the network tells. */
export type DeviceAccount =
  | {
      readonly kind: 'passkey'
      readonly name: string
      readonly address: `0x${string}`
      readonly credentialId: string
      /** P-256 point in hexadecimal form. */
      readonly publicKey: `0x${string}`
    }
  | { readonly kind: 'person'; readonly name: string; readonly address: `0x${string}` }
  | {
      readonly kind: 'wallet'
      readonly name: string
      readonly address: `0x${string}`
      /** By which the wallet of the browser is found again (EIP-6963). */
      readonly rdns: string
    }

/** Whether somebody else can pay its fees: what wallets sign, the types of Ethereum, has no place for that. */
export function canBeSponsored({ kind }: DeviceAccount): boolean {
  return kind !== 'wallet'
}

/** Accounts of this device, and the address of the one in use. */
export type DeviceWallet = {
  readonly accounts: readonly DeviceAccount[]
  readonly current: string | undefined
}

const key = 'banyan.wallet'
const none: DeviceWallet = { accounts: [], current: undefined }
const maxAccounts = 20

let wallet: DeviceWallet | undefined
const listeners = new Set<() => void>()

function isAccount(value: unknown): value is DeviceAccount {
  if (typeof value !== 'object' || value === null) return false
  const { kind, name, address, credentialId, publicKey, rdns } = value as Record<string, unknown>
  if (typeof name !== 'string' || typeof address !== 'string' || !/^0x[0-9a-f]{40}$/.test(address))
    return false
  if (kind === 'person') return true
  if (kind === 'wallet') return typeof rdns === 'string'
  return kind === 'passkey' && typeof credentialId === 'string' && /^0x[0-9a-f]{128}$/.test(String(publicKey))
}

/** What is stored, as far as it can be read. */
function stored(): DeviceWallet {
  try {
    const { accounts, current } = JSON.parse(localStorage.getItem(key) ?? '{}') as Record<string, unknown>
    if (!Array.isArray(accounts)) return none
    const known = accounts.filter(isAccount)
    const isKnown = known.some(({ address }) => address === current)
    return { accounts: known, current: isKnown ? String(current) : known[0]?.address }
  } catch {
    return none
  }
}

export function deviceWallet(): DeviceWallet {
  wallet ??= stored()
  return wallet
}

function change(next: DeviceWallet): void {
  wallet = next
  try {
    localStorage.setItem(key, JSON.stringify(next))
  } catch {
    // Without storage the choice lasts as long as the page; a passkey is found again by the device itself.
  }
  for (const listener of listeners) listener()
}

/** Calls the listener after each change, those of other tabs too. Returns what ends it. */
export function watchWallet(listener: () => void): () => void {
  const onStorage = (event: StorageEvent) => {
    if (event.key !== key) return
    wallet = undefined
    listener()
  }
  listeners.add(listener)
  addEventListener('storage', onStorage)
  return () => {
    listeners.delete(listener)
    removeEventListener('storage', onStorage)
  }
}

/** Adds an account, or renews it, and puts it in use. */
export function keepAccount(account: DeviceAccount): void {
  const others = deviceWallet().accounts.filter(({ address }) => address !== account.address)
  change({ accounts: [account, ...others].slice(0, maxAccounts), current: account.address })
}

/** Puts a known account in use. */
export function chooseAccount(address: string): void {
  change({ ...deviceWallet(), current: address })
}

/** Leaves an account out of this device's list. Its passkey stays where it is. */
export function forgetAccount(address: string): void {
  const accounts = deviceWallet().accounts.filter((account) => account.address !== address)
  change({ accounts, current: accounts[0]?.address })
}
