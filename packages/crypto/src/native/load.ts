import { createRequire } from 'node:module'
import { banyanError } from '@banyan/base'

const require = createRequire(import.meta.url)

/** Loads a native package; the caller names the type of what it exports. Throws `NativeUnavailable`. */
export function load<Exports>(module: string): Exports {
  try {
    return require(module) as Exports
  } catch (cause) {
    throw banyanError('NativeUnavailable', { module }, cause)
  }
}
