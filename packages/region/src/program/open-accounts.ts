import { createHmac, randomBytes } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { fail, fromHex } from '@banyan/base'
import { accountIdForm, keyForm } from '@banyan/central-link'
import { createRegionLink, type RegionLink } from '@banyan/central-link/node'
import { requireOwnerAlone } from '@banyan/program'
import { centralAccounts } from '../accounts/central.js'
import { openAccountsFile } from '../accounts/file.js'
import type { Accounts } from '../accounts/port.js'
import type { RunOptions } from './options.js'

export type OpenAccounts = { readonly accounts: Accounts; readonly link: RegionLink | undefined }

/** Accounts of central where its keys are known, else of a file. Errors: OptionInvalid, FileUnreadable, FileInvalid, KeyFileExposed. */
export async function openAccounts(
  options: Pick<RunOptions, 'accounts' | 'centralKeys' | 'credentials'>,
  onState: (state: string, error?: unknown) => void,
): Promise<OpenAccounts> {
  if (options.centralKeys === '') {
    return { accounts: await openAccountsFile(options.accounts), link: undefined }
  }
  const centrals = options.centralKeys.split(',').map(readPublicKey)
  const { account, key } = await readCredentials(options.credentials)
  const { accounts, onEvent } = centralAccounts(() => link)
  const secret = randomBytes(32)
  const link: RegionLink = createRegionLink({
    region: account,
    key,
    centrals,
    mac: (bytes) => createHmac('sha256', secret).update(bytes).digest(),
    onEvent: (event) => {
      if (event.kind === 'ready') onState('connected')
      if (event.kind === 'lost') onState('lost', event.error)
      onEvent(event)
    },
  })
  return { accounts, link }
}

function readPublicKey(text: string): Uint8Array {
  const key = fromHex(text)
  if (key?.length !== 32)
    return fail('OptionInvalid', { option: 'centralKeys', reason: 'a key has not 32 bytes' })
  return key
}

type RegionCredentials = { readonly account: string; readonly key: string }

async function readCredentials(path: string | undefined): Promise<RegionCredentials> {
  if (path === undefined)
    return fail('OptionInvalid', { option: 'credentials', reason: 'central asks for them' })
  let text: string
  let mode: number
  try {
    mode = (await stat(path)).mode
    text = await readFile(path, 'utf8')
  } catch (error) {
    return fail('FileUnreadable', { path, reason: (error as Error).message }, error)
  }
  requireOwnerAlone(path, mode)
  let value: Partial<RegionCredentials>
  try {
    value = JSON.parse(text) as Partial<RegionCredentials>
  } catch {
    return fail('FileInvalid', { path, reason: 'it is not JSON' })
  }
  const account = accountIdForm.safeParse(value.account)
  const key = keyForm.safeParse(value.key)
  if (!account.success || !key.success)
    return fail('FileInvalid', { path, reason: 'it has no account and key of a region' })
  return { account: account.data, key: key.data }
}
