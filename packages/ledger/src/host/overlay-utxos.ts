import { type Address, type Hash, toHex } from '@banyan/base'
import type { StateView, Utxo, UtxoNeighbours, WriteSet } from '../state/view.js'
import type { Journal } from './journal.js'

/** An owner's list as it is now. */
type OwnerList = { readonly newest: Hash | undefined; readonly count: number }

/**
 * UTXOs of an overlay: changes by id, and for each changed list its head and the neighbours that changed. The list is
 * doubly linked, as in the state, so that each creation and each spend costs the same, however many came before.
 */
export function createUtxoLayer(base: StateView, journal: Journal) {
  const changes = new Map<string, WriteSet['utxos'][number]>()
  const lists = new Map<string, OwnerList>()
  const links = new Map<string, UtxoNeighbours>()

  const listOf = (owner: Address): OwnerList =>
    lists.get(toHex(owner)) ?? {
      newest: base.newestUtxo(owner),
      count: base.account(owner)?.utxoCount ?? 0,
    }
  const neighbours = (id: Hash): UtxoNeighbours => links.get(toHex(id)) ?? base.utxoNeighbours(id)
  const link = (id: Hash | undefined, change: Partial<UtxoNeighbours>): void => {
    if (id !== undefined) journal.set(links, toHex(id), { ...neighbours(id), ...change })
  }
  const get = (id: Hash): Utxo | undefined => {
    const change = changes.get(toHex(id))
    return change === undefined ? base.utxo(id) : (change.utxo ?? undefined)
  }
  const changed = () =>
    [...changes.values()].filter(({ id, utxo }) => utxo !== null || base.utxo(id) !== undefined)

  return {
    get,
    neighbours,
    create: (utxo: Utxo): void => {
      const { newest, count } = listOf(utxo.owner)
      journal.set(changes, toHex(utxo.id), { id: utxo.id, utxo })
      journal.set(links, toHex(utxo.id), { newer: undefined, older: newest })
      link(newest, { newer: utxo.id })
      journal.set(lists, toHex(utxo.owner), { newest: utxo.id, count: count + 1 })
    },
    spend: (utxo: Utxo): void => {
      const { newest, count } = listOf(utxo.owner)
      const { newer, older } = neighbours(utxo.id)
      journal.set(changes, toHex(utxo.id), { id: utxo.id, utxo: null })
      link(newer, { older })
      link(older, { newer })
      const head = newer === undefined ? older : newest
      journal.set(lists, toHex(utxo.owner), { newest: head, count: count - 1 })
    },
    count: (owner: Address): number => listOf(owner).count,
    newest: (owner: Address): Hash | undefined => listOf(owner).newest,
    /** Ids of an owner's UTXOs, newest first. */
    listed: (owner: Address, limit: number): readonly Hash[] => {
      if (!lists.has(toHex(owner))) return base.utxosOf(owner, limit)
      const ids: Hash[] = []
      for (let id = listOf(owner).newest; id !== undefined && ids.length < limit; id = neighbours(id).older) {
        ids.push(id)
      }
      return ids
    },
    changes: changed,
    createdCount: (): number => changed().filter(({ utxo }) => utxo !== null).length,
  }
}
