import { asHash, toHex } from '@banyan/base'
import { native } from '@banyan/crypto/native'
import { type Journal, openJournal } from '@banyan/node'
import { createSimulatedDisk, randomOutcome, type SimulatedDisk } from '@banyan/storage/simulated'
import { createRandom, testSeed, tierCount } from '@banyan/testing'
import { expect, test } from 'vitest'

const genesisId = asHash(new Uint8Array(32).fill(7))
const mebibyte = 2 ** 20

const envelope = (number: number, bytes: number): Uint8Array => {
  const content = new Uint8Array(bytes)
  new DataView(content.buffer).setUint32(0, number)
  return content
}
const numberOf = (bytes: Uint8Array): number => new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)

const open = async (medium: SimulatedDisk, held: () => Iterable<Uint8Array> = () => []): Promise<Journal> =>
  openJournal({ disk: await medium.open(), provider: native, genesisId, held })

async function read(journal: Journal): Promise<Uint8Array[]> {
  const found: Uint8Array[] = []
  for await (const envelopes of journal.found()) found.push(...envelopes)
  return found
}

test('LED-17, QLT-5: what was made durable is found again in its order, and only once', async () => {
  const medium = createSimulatedDisk()
  const first = await open(medium)
  expect(await read(first)).toEqual([])
  const sizes = [200, 70_000, 5, mebibyte + 3, mebibyte - 4, 152, 152]
  const envelopes = sizes.map((size, i) => envelope(i, size))
  await first.add(envelopes.slice(0, 5))
  await Promise.all([first.add(envelopes.slice(5, 6)), first.add(envelopes.slice(6))])
  await first.add([])
  medium.kill()
  const second = await open(medium)
  await second.add([envelope(99, 8)])
  expect((await read(second)).map(toHex), 'what is added meanwhile is not').toEqual(envelopes.map(toHex))
  await second.close()
})

test('LED-17: the journal is written anew before it outgrows what is held', async () => {
  const sizes = new Map<string, number>()
  const medium = createSimulatedDisk((operation, file) => {
    if (operation === 'create') sizes.set(file, 1)
    if (operation === 'remove') sizes.delete(file)
  })
  let held: Uint8Array[] = []
  const journal = await open(medium, () => held)
  let most = 0
  for (let i = 0; i < 200; i++) {
    held = [...held.slice(-2), envelope(i, mebibyte)]
    await journal.add(held.slice(-1))
    most = Math.max(most, [...sizes.keys()].filter((file) => file.startsWith('waiting')).length)
  }
  await journal.close()
  expect(most, 'files of 32 MiB').toBeLessThanOrEqual(4)
  const found = new Set((await read(await open(medium))).map(numberOf))
  for (const bytes of held) expect(found).toContain(numberOf(bytes))
})

test('LED-17: writing the journal anew keeps what is held, also where it is more than a file takes', async () => {
  const medium = createSimulatedDisk()
  const held: Uint8Array[] = []
  const journal = await open(medium, () => held)
  for (let i = 0; i < 40; i++) {
    held.push(envelope(i, mebibyte))
    await journal.add(held.slice(-1))
  }
  await journal.close()
  const found = new Set((await read(await open(medium))).map(numberOf))
  expect([...found]).toEqual(held.map(numberOf))
})

test('LED-17, QLT-5: no crash loses what was acknowledged and is still held', async () => {
  const random = createRandom(testSeed('journal crashes'))
  for (let run = 0; run < tierCount({ push: 12, full: 500, fuzz: 20 }); run++) {
    const medium = createSimulatedDisk()
    let held: Uint8Array[] = []
    const acknowledged = new Set<number>()
    const journal = await open(medium, () => held)
    medium.crashAt(1 + random.below(130))
    try {
      for (let i = 0; i < 60; i++) {
        const added = envelope(i, mebibyte)
        held = [...held.slice(-2), added]
        await journal.add([added])
        acknowledged.add(i)
      }
    } catch (error) {
      expect(error).toMatchObject({ kind: 'DiskFailed' })
    }
    medium.powerLoss(randomOutcome(random.below(2 ** 31)))
    const found = (await read(await open(medium))).map(numberOf)
    for (const number of held.map(numberOf)) {
      if (acknowledged.has(number)) expect(found, `run ${run}`).toContain(number)
    }
    const arrivals = [...new Set(found)]
    expect(arrivals, 'in the order of arrival').toEqual(arrivals.toSorted((a, b) => a - b))
  }
})
