import { toHex } from '@banyan/base'
import { type Chain, decodeEnvelope, describeTransaction } from '@banyan/ledger'
import type { Random } from '@banyan/testing'
import { chance, pick } from '../campaign/setting.js'
import type { Machine } from './machine.js'
import type { Nodes } from './nodes.js'
import { wallets } from './people.js'
import { provider } from './remembered-crypto.js'
import { lastingTransfer, randomTransaction } from './transactions.js'

/** People who use the network through any of its nodes, and try again on another one when they see no result. */
export type Clients = {
  /** Sends transactions now and then from now on, until `until`. */
  readonly start: (until: number, gap: number) => void
  /** Gives every honest node that is up a transfer; the ids of those that must become final now, whatever happens. */
  readonly probe: () => Promise<readonly string[]>
  /** Transactions that some node took. */
  readonly taken: () => number
}

const mostRemembered = 50

export function createClients(random: Random, { schedule, machines, honest }: Nodes): Clients {
  /** Lately sent ones, to be sent again. */
  const sent: Uint8Array[] = []
  let taken = 0

  async function give(machine: Machine, envelopes: readonly Uint8Array[]): Promise<readonly boolean[]> {
    const outcomes = await machine.submit(envelopes)
    for (const isTaken of outcomes) if (isTaken) taken++
    return outcomes
  }

  function act(): void {
    const nodes = machines.filter((machine) => machine.isUp())
    if (nodes.length === 0) return
    const machine = pick(random, nodes)
    if (sent.length > 0 && chance(random, 20)) {
      void give(machine, [pick(random, sent)])
      return
    }
    const count = chance(random, 4) ? 8 + random.below(5) : 1
    const envelopes = Array.from({ length: count }, () => {
      const nonce = (wallet: number): bigint => machine.mempool().pendingNonce(wallets[wallet]!.address)
      return randomTransaction(random, machine.view(), nonce)
    })
    sent.push(...envelopes)
    sent.splice(0, Math.max(0, sent.length - mostRemembered))
    void give(machine, envelopes)
  }

  return {
    start(until, gap) {
      const next = (): void => {
        if (schedule.now() >= until) return
        act()
        schedule.at(schedule.now() + 1 + random.below(2 * gap), next)
      }
      next()
    },
    async probe() {
      const ids: string[] = []
      for (const machine of honest.filter((candidate) => candidate.isUp())) {
        const envelope = lastingTransfer(random, machine.view())
        const id = idOf(machine.view().chain, envelope)
        const [isTaken] = await give(machine, [envelope])
        if (isTaken === true) ids.push(id)
      }
      return ids
    },
    taken: () => taken,
  }
}

function idOf({ domains }: Chain, envelope: Uint8Array): string {
  return toHex(describeTransaction(provider, domains, decodeEnvelope(envelope), envelope).id)
}
