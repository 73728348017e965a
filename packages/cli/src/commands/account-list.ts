import type { Context } from '../command-spec.js'
import { listKeys } from '../key-files.js'
import { peopleAt, shownAddress } from '../names.js'
import { networkUrl } from '../running.js'
import { table } from '../table.js'

/** Accounts of the user, and the people of the network if one is there. Secrets are not shown. */
export async function run(context: Context): Promise<undefined> {
  const { settings, output } = context
  const own = (await listKeys()).map(({ name, scheme, address }) => ({
    name,
    kind: 'yours' as const,
    scheme,
    address,
  }))
  const url = await networkUrl(settings).catch(() => undefined)
  const people = url === undefined ? [] : await peopleAt(url, context)
  const known = people.map(({ name, scheme, address }) => ({
    name,
    kind: 'local network' as const,
    scheme,
    address,
  }))
  const accounts = [...own, ...known]
  const heads = ['name', 'address', 'key', 'whose']
  const rows = accounts.map(({ name, kind, scheme, address }) => [name, shownAddress(address), scheme, kind])
  const lines =
    accounts.length === 0
      ? ['None yet. Make one with `banyan account create <name>`, or start a local network with `banyan up`.']
      : table(heads, rows, output.paint)
  output.rows({ accounts }, heads, rows, lines)
}
