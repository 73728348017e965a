import { type Address, type Hash, toHex } from '@banyan/base'
import type { StateView, Utxo, WriteSet } from '../state/view.js'
import type { Journal } from './journal.js'

type OwnerChanges = { readonly created: readonly Hash[]; readonly spentBelow: number }

const noChanges: OwnerChanges = { created: [], spentBelow: 0 }

/** UTXOs of an overlay: changes by id, and per owner what came on top of the list below and what left it. */
export function createUtxoLayer(base: StateView, journal: Journal) {
  const changes = new Map<string, WriteSet['utxos'][number]>()
  const owners = new Map<string, OwnerChanges>()

  const ofOwner = (owner: Address): OwnerChanges => owners.get(toHex(owner)) ?? noChanges
  const get = (id: Hash): Utxo | undefined => {
    const change = changes.get(toHex(id))
    return change === undefined ? base.utxo(id) : (change.utxo ?? undefined)
  }
  const changed = () =>
    [...changes.values()].filter(({ id, utxo }) => utxo !== null || base.utxo(id) !== undefined)

  return {
    get,
    create: (utxo: Utxo): void => {
      const { created, spentBelow } = ofOwner(utxo.owner)
      journal.set(changes, toHex(utxo.id), { id: utxo.id, utxo })
      journal.set(owners, toHex(utxo.owner), { created: [...created, utxo.id], spentBelow })
    },
    spend: (utxo: Utxo): void => {
      const { created, spentBelow } = ofOwner(utxo.owner)
      const key = toHex(utxo.id)
      const kept = created.filter((id) => toHex(id) !== key)
      journal.set(changes, key, { id: utxo.id, utxo: null })
      journal.set(owners, toHex(utxo.owner), {
        created: kept,
        spentBelow: spentBelow + (kept.length === created.length ? 1 : 0),
      })
    },
    count: (owner: Address): number => {
      const { created, spentBelow } = ofOwner(owner)
      return (base.account(owner)?.utxoCount ?? 0) + created.length - spentBelow
    },
    /** Ids of an owner's UTXOs, newest first. */
    newest: (owner: Address, limit: number): readonly Hash[] => {
      const { created, spentBelow } = ofOwner(owner)
      const above = created.toReversed()
      if (above.length >= limit) return above.slice(0, limit)
      const below = base
        .utxosOf(owner, limit - above.length + spentBelow)
        .filter((id) => !changes.has(toHex(id)))
      return [...above, ...below].slice(0, limit)
    },
    changes: changed,
    createdCount: (): number => changed().filter(({ utxo }) => utxo !== null).length,
  }
}
