import type { Network } from '@banyan/network'
import { afterEach, expect, test } from 'vitest'
import { closeNodes, connectAll, startNode, until } from './nodes.js'

afterEach(closeNodes)

const blockBytes = 65_507

test('CON-11: lengths at the very end of a block arrive whole, whatever room is left for them', async () => {
  const received: number[] = []
  const [from, to] = (await Promise.all([
    startNode(1),
    startNode(2, { handlers: { onMessage: (_, __, message) => received.push(message.length) } }),
  ])) as [Network, Network]
  await connectAll([from, to])
  const sent: number[] = []
  for (let room = 0; room <= 8; room++) {
    // Sent in one go: the first leaves `room` bytes of its block for the length of the second.
    for (const size of [blockBytes - 4 - room, 10 + room, 3]) {
      sent.push(size)
      from.send(to.id, 'data', new Uint8Array(size))
    }
    await until(() => received.length === sent.length, `all arrive with ${room} bytes of room`)
  }
  expect(received).toEqual(sent)
})
