import { chooseIsolation, openPlainProcess } from '@banyan/isolation'
import { describe, expect, test } from 'vitest'

describe('CMP-6: choosing an isolation', () => {
  test('CMP-6: a plain process is refused unless it was allowed by name', async () => {
    await expect(openPlainProcess(false)).rejects.toMatchObject({ kind: 'PlainProcessRefused' })
    await expect(chooseIsolation({ driver: 'process', allowPlainProcess: false })).rejects.toMatchObject({
      kind: 'PlainProcessRefused',
    })
    const plain = await chooseIsolation({ driver: 'process', allowPlainProcess: true })
    expect(plain.level).toBe('none')
    await plain.close()
  })

  test('CMP-6: what is chosen was tried, and the evidence says so', { timeout: 60_000 }, async () => {
    const chosen = await chooseIsolation({ allowPlainProcess: true })
    expect(chosen.probes.at(-1)).toEqual({ what: chosen.driver, isUsable: true, detail: 'chosen' })
    expect(chosen.probes.map(({ what }) => what)).toContain('control groups')
    await chosen.close()
  })
})
