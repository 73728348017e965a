import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import {
  checkFitness,
  createObserver,
  type Fitness,
  type Observation,
  restReason,
  testFitness,
} from '@banyan/miner'
import { describe, expect, test } from 'vitest'

const calm: Observation = {
  otherLoad: 0.1,
  minute: 12 * 60,
  isOnBattery: false,
  battery: undefined,
  temperature: undefined,
}

describe('CMP-5: conditions for working', () => {
  test.each([
    [{}, {}, undefined],
    [{ maxOtherLoad: 0.5 }, { otherLoad: 0.5 }, undefined],
    [{ maxOtherLoad: 0.5 }, { otherLoad: 0.51 }, /other programs use 51 %/],
    [{ hours: { from: 480, until: 1_080 } }, { minute: 480 }, undefined],
    [{ hours: { from: 480, until: 1_080 } }, { minute: 1_080 }, /from 08:00 until 18:00/],
    [{ hours: { from: 1_320, until: 390 } }, { minute: 1_400 }, undefined],
    [{ hours: { from: 1_320, until: 390 } }, { minute: 0 }, undefined],
    [{ hours: { from: 1_320, until: 390 } }, { minute: 390 }, /from 22:00 until 06:30/],
    [{ minBattery: 50 }, { isOnBattery: true, battery: 49 }, /49 %/],
    [{ minBattery: 50 }, { isOnBattery: true, battery: 50 }, undefined],
    [{ minBattery: 50 }, { isOnBattery: false, battery: 10 }, undefined],
    [{ minBattery: 50 }, { isOnBattery: true }, undefined],
    [{ maxTemperature: 80 }, { temperature: 81 }, /81 °C/],
    [{ maxTemperature: 80 }, { temperature: 80 }, undefined],
    [{ maxTemperature: 80 }, {}, undefined],
  ])('CMP-5: %j under %j', (conditions, seen, expected) => {
    const reason = restReason(conditions, { ...calm, ...seen })
    if (expected === undefined) expect(reason).toBeUndefined()
    else expect(reason).toMatch(expected)
  })

  test('CMP-5: what this machine shows is in range', async () => {
    const observe = createObserver(() => 0)
    const { otherLoad, minute } = await observe()
    expect(otherLoad).toBeGreaterThanOrEqual(0)
    expect(otherLoad).toBeLessThanOrEqual(1)
    expect(minute).toBeLessThan(1_440)
  })
})

describe('CMP-5: the fitness test', () => {
  const good: Fitness = {
    cores: 2,
    mips: 1_000,
    mflops: 500,
    memoryBandwidth: 5e9,
    freeBytes: 2 ** 30,
    regionMs: 3,
  }

  test('CMP-5: this machine is measured, and the way to the region', async () => {
    const region = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => region.once('listening', resolve))
    const { port } = region.address() as AddressInfo
    const fitness = await testFitness(new URL(`http://127.0.0.1:${port}`))
    region.close()
    for (const value of Object.values(fitness)) expect(value).toBeGreaterThan(0)
    await expect(testFitness(new URL(`http://127.0.0.1:${port}`))).rejects.toThrow(/cannot be reached/)
  })

  test('CMP-5: a machine that is too slow or too small is told why', () => {
    expect(() => checkFitness(good, 2 ** 29)).not.toThrow()
    expect(() => checkFitness({ ...good, mips: 99 }, 0)).toThrow(/mips is 99/)
    expect(() => checkFitness({ ...good, mflops: 1 }, 0)).toThrow(/mflops/)
    expect(() => checkFitness({ ...good, memoryBandwidth: 1 }, 0)).toThrow(/memoryBandwidth/)
    expect(() => checkFitness(good, 2 ** 31)).toThrow(/1024 MiB of memory are free, .* takes 2048 MiB/)
  })
})
