import type { ServiceTerms } from '../charges/terms.js'
import type { Accounts } from './port.js'

/** Terms of services, remembered for a while: at once where they are known. */
export type Services = {
  readonly find: (name: string) => ServiceTerms | undefined | Promise<ServiceTerms | undefined>
}

const freshMs = 30_000
/** While accounts cannot be asked, terms are used that are so old. */
const staleMs = 3_600_000
const maxServices = 10_000

type Known = { readonly terms: ServiceTerms | undefined; readonly at: number }

export type ServicesParts = {
  readonly accounts: Pick<Accounts, 'service'>
  readonly now: () => number
  /** Terms were read, be they those of before. */
  readonly read: (name: string, terms: ServiceTerms | undefined) => void
}

export function createServices({ accounts, now, read }: ServicesParts): Services {
  const known = new Map<string, Known>()
  const asking = new Map<string, Promise<ServiceTerms | undefined>>()

  const ask = async (name: string): Promise<ServiceTerms | undefined> => {
    try {
      const terms = await accounts.service(name)
      if (known.size >= maxServices) known.delete(known.keys().next().value!)
      known.set(name, { terms, at: now() })
      read(name, terms)
      return terms
    } catch (error) {
      const before = known.get(name)
      if (before === undefined || now() - before.at > staleMs) throw error
      return before.terms
    } finally {
      asking.delete(name)
    }
  }
  return {
    find: (name) => {
      const found = known.get(name)
      const age = found === undefined ? Number.POSITIVE_INFINITY : now() - found.at
      if (age <= freshMs) return found!.terms
      const asked = asking.get(name) ?? ask(name)
      asking.set(name, asked)
      if (age > staleMs) return asked
      // What is known serves until the answer is there.
      asked.catch(() => undefined)
      return found!.terms
    },
  }
}
