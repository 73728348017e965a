import { defaultLimits, type NetworkOptions } from '@banyan/network'

/** Queues that hold a whole run, and no limit on the rate: what is measured is the way, not the brakes. */
export function benchOptions(index: number): NetworkOptions {
  return {
    seed: new Uint8Array(32).fill(index),
    genesis: new Uint8Array(32),
    listen: ['/ip4/127.0.0.1/tcp/0'],
    random: () => 0.5,
    limits: {
      ...defaultLimits,
      maxQueueBytes: { votes: 2 ** 28, data: 2 ** 28 },
      messagesPerSecond: 2 ** 30,
      silenceMs: 60_000,
    },
  }
}
