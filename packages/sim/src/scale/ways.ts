import type { ConsensusMessage } from '@banyan/consensus'
import type { Lane } from './port.js'
import { bytesOnWire, relayExpansion } from './setting.js'
import type { Batch } from './traffic.js'
import type { World } from './world.js'

/** Sends messages of one validator; `charge` takes main-thread time and tells when it is over. */
export type Ways = {
  readonly message: (to: number | 'all', message: ConsensusMessage, bytes: number) => void
  readonly batch: (batch: Batch) => void
}

export function createWays(world: World, self: number, charge: (micros: number) => number): Ways {
  const { setting, agenda, ports, living } = world
  const { costs, latency, random } = setting
  // Each begins with those after itself: the last of all is not always the same.
  const place = living.indexOf(self)
  const others = [...living.slice(place + 1), ...living.slice(0, place)]

  /** When a message has reached the network interface of the receiver. */
  function travel(lane: Lane, to: number, bytes: number): number {
    const leaves = charge(costs.sendMessage + bytes * costs.sendByte)
    return ports[self]!.send(lane, leaves, bytesOnWire(bytes)) + latency(self, to)
  }

  /** Every validator gets a part and passes it on: what one sends and gets is the same for all of them. */
  function relay(batch: Batch): void {
    const coded = relayExpansion * batch.bytes
    const sent = ports[self]!.send('data', charge(coded * costs.sendByte), bytesOnWire(coded))
    charge(others.length * costs.sendMessage)
    for (const to of others) {
      const by = living[random.below(living.length)]!
      const passedOn = ports[to]!.send('data', sent + latency(self, to), bytesOnWire(coded))
      const happening = { kind: 'batch', batch, bytes: coded, messages: living.length } as const
      agenda.at(passedOn + latency(by, to), to, happening)
    }
  }

  return {
    message(to, message, bytes) {
      const event = { kind: 'message', from: self, message } as const
      const happening = { kind: 'message', event, bytes } as const
      const lane = message.kind === 'proposal' ? 'data' : 'votes'
      for (const other of to === 'all' ? others : others.filter((index) => index === to)) {
        agenda.at(travel(lane, other, bytes), other, happening)
      }
    },
    batch(batch) {
      if (setting.batches === 'relay') {
        relay(batch)
        return
      }
      const happening = { kind: 'batch', batch, bytes: batch.bytes, messages: 1 } as const
      for (const other of others) agenda.at(travel('data', other, batch.bytes), other, happening)
    },
  }
}
