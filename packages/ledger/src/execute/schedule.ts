import { type AssetId, asAssetId, asHash } from '@banyan/base'
import {
  type AccessKey,
  accountKey,
  balanceKey,
  storageKey,
  utxoKey,
  utxoListKey,
  writes,
} from '../host/access-key.js'
import { authorizeKeys } from '../host/authorize.js'
import { callKeys } from '../host/call-keys.js'
import type { Host } from '../host/host.js'
import type { StateView } from '../state/view.js'
import { type DeclaredKey, declaredKeyKinds } from '../tx/native-format.js'
import { type CallEntry, type CallEnvironment, callsOf, feeTermsOf } from './call-result.js'
import { isNativeOfPolicy } from './open-call.js'

/**
 * Keys that a call transaction may touch: those its contracts derive and those it declares. `undefined` if some call's
 * keys cannot be derived and none are declared: then it runs alone. Wrong keys cost speed, never correctness.
 */
export function transactionKeys(
  host: Host,
  environment: CallEnvironment,
  view: StateView,
  entry: CallEntry,
): readonly AccessKey[] | undefined {
  const { transaction, verified } = entry
  const { block } = environment
  const terms = feeTermsOf(entry)
  const keys: AccessKey[] = writes(accountKey(verified.sender), accountKey(terms.payer))
  const declared = transaction.kind === 'native' ? transaction.body.accessKeys : []
  for (const key of declared)
    keys.push(...keyTexts(view, key).map((text) => ({ key: text, write: key.write })))
  for (const [callIndex, call] of callsOf(entry).entries()) {
    const identity = { caller: verified.sender, origin: verified.sender, transactionId: verified.id }
    const derived = callKeys(host, { ...identity, ...call, block, callIndex })
    if (derived !== undefined) keys.push(...derived)
    else if (declared.length === 0) return undefined
  }
  if (isNativeOfPolicy(view, entry)) {
    const request = { account: verified.sender, signers: verified.signers, calls: callsOf(entry), maxFee: 0n }
    keys.push(...authorizeKeys(host, { block, transactionId: verified.id }, request))
  }
  return keys
}

function keyTexts(view: StateView, declared: DeclaredKey): readonly string[] {
  switch (declared.kind) {
    case declaredKeyKinds.account:
      return [accountKey(declared.owner)]
    case declaredKeyKinds.balance:
      return [balanceKey(declared.owner, assetOf(declared))]
    case declaredKeyKinds.storage:
      return [storageKey(declared.key)]
    default: {
      // A UTXO that exists is touched as a part of its owner's list.
      const id = asHash(declared.key)
      const owner = view.utxo(id)?.owner
      return owner === undefined ? [utxoKey(id)] : [utxoKey(id), utxoListKey(owner)]
    }
  }
}

function assetOf(declared: DeclaredKey): AssetId {
  const { key } = declared
  return asAssetId(new DataView(key.buffer, key.byteOffset, 4).getUint32(0, true))
}

/**
 * Groups that can run at the same time: transactions are joined when one writes a key that the other touches (union-find
 * over keys). Groups and their members are in block order.
 */
export function groupByKeys(keysOf: readonly (readonly AccessKey[])[]): number[][] {
  const parent = Uint32Array.from(keysOf, (_, i) => i)
  const find = (i: number): number => {
    let root = i
    while (parent[root] !== root) root = parent[root]!
    for (let next = i; parent[next] !== root; ) {
      const after = parent[next]!
      parent[next] = root
      next = after
    }
    return root
  }
  const union = (a: number, b: number): void => {
    const [low, high] = [find(a), find(b)].sort((x, y) => x - y) as [number, number]
    parent[high] = low
  }
  joinByKey(keysOf, union)
  const groups = new Map<number, number[]>()
  for (let i = 0; i < keysOf.length; i++) {
    const root = find(i)
    const group = groups.get(root)
    if (group === undefined) groups.set(root, [i])
    else group.push(i)
  }
  return [...groups.values()]
}

/** Joins every writer of a key with all others that touch it; readers alone stay apart. */
function joinByKey(keysOf: readonly (readonly AccessKey[])[], union: (a: number, b: number) => void): void {
  const seen = new Map<string, { writer: number; readonly readers: number[] }>()
  for (const [i, keys] of keysOf.entries()) {
    for (const { key, write } of keys) {
      const touch = seen.get(key)
      if (touch === undefined) {
        seen.set(key, { writer: write ? i : -1, readers: write ? [] : [i] })
      } else if (touch.writer >= 0) {
        union(touch.writer, i)
      } else if (write) {
        touch.writer = i
        for (const reader of touch.readers) union(reader, i)
      } else {
        touch.readers.push(i)
      }
    }
  }
}
