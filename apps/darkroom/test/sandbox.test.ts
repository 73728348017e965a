import { type Darkroom, startDarkroom } from '@banyan/darkroom'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failureOf, runScript, start } from './service.js'

let shared: Darkroom
beforeAll(async () => {
  shared = await startDarkroom({ workers: 1 })
})
afterAll(() => shared.close())

describe('MED-2: scripts run capped in a process of their own', () => {
  test('MED-2: errors tell the place, through calls and named arguments', async () => {
    const { url } = shared
    const script = `function main() {
  const m = new Media()
  inner(m, 1)
}
function inner(m) {
  m.makeCanvas(xs @ 10, ys @ 10); nothing.at.all
}`
    const thrown = await failureOf(await runScript(url, script))
    expect(thrown).toMatchObject({ name: 'ScriptFailed', line: 6, column: expect.any(Number) as number })
    expect(thrown.message).toMatch(/ReferenceError: '?nothing'? is not defined/)
    const syntax = await failureOf(await runScript(url, 'function main() {\n  f(x @ 1, 2)\n}'))
    expect(syntax).toMatchObject({
      name: 'ScriptInvalid',
      message: expect.stringContaining('line 2, column 12') as string,
    })
    const operation = await failureOf(
      await runScript(url, 'function main() {\n  new Media().scale(xs @ 10)\n}'),
    )
    expect(operation).toMatchObject({ name: 'MediaEmpty', line: 2 })
    const caught = 'function main() { try { new Media().scale(xs @ 1) } catch (e) { return e.message } }'
    expect(await (await runScript(url, caught)).text()).toMatch(/no picture yet/)
  })

  test('MED-2, CMP-17: endless loops, patterns and memory end with a clear error, and the next script runs', async () => {
    const { url } = shared
    const nameOf = async (script: string) => (await failureOf(await runScript(url, script))).name
    expect(await nameOf('function main() { for (;;); }')).toBe('ScriptEndless')
    expect(await nameOf('function main() { /(a+)+$/.test("a".repeat(40) + "!") }')).toBe('ScriptEndless')
    expect(await nameOf('function main() { try { for (;;); } catch { for (;;); } }')).toBe('ScriptEndless')
    expect(
      await nameOf('const all = []; function main() { for (;;) all.push(new Array(100000).fill(1)) }'),
    ).toBe('ScriptMemoryExceeded')
    expect(await nameOf('function main() { main() }')).toBe('ScriptFailed')
    const nested = 'let all = []; for (let i = 0; i < 200000; i++) all = [all]; return String(all)'
    expect(await nameOf(`function main() { ${nested} }`)).toBe('ScriptFailed')
    expect(await nameOf('function main() { return undefined }')).toBe('NothingSaved')
    expect(await (await runScript(url, 'function main() { return { fine: true } }')).json()).toEqual({
      fine: true,
    })
  })

  test('MED-2, MED-6: there is no clock, no chance, no system, and nothing of the script before', async () => {
    const { url } = shared
    const tell = async (expression: string) =>
      (
        await runScript(
          url,
          `function main() { try { return String(${expression}) } catch (e) { return e.message } }`,
        )
      ).text()
    expect(await tell('Date.now()')).toMatch(/Date\.now is absent/)
    expect(await tell('new Date()')).not.toMatch(/\d{4}/)
    expect(await tell('Math.random()')).toMatch(/Math\.random is absent/)
    expect(await tell('new (function(){}).constructor("return new Date().getTime()")()()')).not.toMatch(/^\d/)
    expect(await tell('[typeof process, typeof require, typeof fetch, typeof $host]')).toBe(
      'undefined,undefined,undefined,undefined',
    )
    await runScript(url, 'globalThis.left = 1; Array.prototype.left = 1; function main() { return 1 }')
    expect(await tell('[typeof left, [].left]')).toBe('undefined,')
  })

  test('MED-2, CMP-17: a script past its deadline is ended with its process, and others go on', async () => {
    const { url } = await start({ deadlineMs: 1_500 })
    const endless =
      'function main() { for (;;) new Media().makeCanvas(xs @ 2000, ys @ 2000).blur(radius @ 90) }'
    const response = await runScript(url, endless)
    expect([response.status, (await failureOf(response)).name]).toEqual([504, 'ScriptDeadlinePassed'])
    expect(await (await runScript(url, 'function main() { return "next" }')).text()).toBe('next')
  })

  test('MED-1, CMP-3: when all workers are busy and the queue is full, the answer is 503 with a time to come back', async () => {
    const { url } = await start({ queue: 1 })
    const busy = (i: number) =>
      runScript(
        url,
        `function main() { new Media().makeCanvas(xs @ 1500, ys @ 1500).blur(radius @ ${20 + i}); return "${i}" }`,
      )
    const responses = await Promise.all(Array.from({ length: 4 }, (_, i) => busy(i)))
    const refused = responses.filter(({ status }) => status === 503)
    expect(refused.length).toBeGreaterThan(0)
    expect(refused[0]!.headers.get('retry-after')).toBe('2')
    expect((await failureOf(refused[0]!)).name).toBe('DarkroomBusy')
    expect(responses.some(({ status }) => status === 200)).toBe(true)
  })

  test('MED-2: a process is replaced after its share of jobs', async () => {
    const { url } = await start({ jobsPerWorker: 2 })
    for (const i of [1, 2, 3])
      expect(await (await runScript(url, `function main() { return "${i}" }`)).text()).toBe(String(i))
  })
})
