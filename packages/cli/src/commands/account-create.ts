import type { Context } from '../command-spec.js'
import { createKey, readSecret, schemes } from '../key-files.js'
import { shownAddress } from '../names.js'

/** Makes a key, or takes one that is given, and writes its file. */
export async function run({ arguments: { name = '' }, options, output }: Context): Promise<undefined> {
  const scheme = schemes.find((found) => found === options['scheme']) ?? 'ed25519'
  const path = options['keyFile']
  const secret = typeof path === 'string' ? await readSecret(path, scheme) : undefined
  const { address, file } = await createKey(name, scheme, secret)
  output.result({ name, scheme, address, file }, [
    `${output.paint.bold(name)}  ${shownAddress(address)}`,
    `Its key is in ${file}. Keep a copy: nothing else brings it back.`,
  ])
}
