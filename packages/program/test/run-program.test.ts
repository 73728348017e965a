import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const program = fileURLToPath(new URL('./sample-program.mjs', import.meta.url))

type Line = { readonly msg: string; readonly level: string } & Readonly<Record<string, unknown>>

/** Starts the sample; what the log tells is told to `onLine`. Resolves when it has ended. */
async function run(
  args: readonly string[],
  onLine: (line: Line, child: ReturnType<typeof spawn>) => unknown = () => undefined,
) {
  const child = spawn(process.execPath, [program, ...args])
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines: Line[] = []
  let talk = ''
  child.stderr.on('data', (part: Buffer) => {
    talk += part
  })
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text) as Line
    lines.push(line)
    onLine(line, child)
  })
  const code = await new Promise((resolve) => child.once('close', resolve))
  return { code, talk, lines }
}

function reasonOf(lines: readonly Line[]): unknown {
  return lines.find(({ msg }) => msg === 'stopping')?.['reason']
}

const signalWhenReady =
  (signal: NodeJS.Signals) =>
  ({ msg }: Line, child: ReturnType<typeof spawn>) =>
    msg === 'ready' && child.kill(signal)

test.each(['SIGINT', 'SIGTERM'] as const)('QLT-11: %s lets it drain, stop and end with 0', async (signal) => {
  const { code, lines, talk } = await run(['works'], signalWhenReady(signal))
  expect([code, talk]).toEqual([0, ''])
  expect(lines[0]).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-.*Z$/),
    port: 7,
    msg: 'ready',
  })
  // What is flushed at the end may overtake a line that is being written.
  expect(lines.map(({ msg }) => msg).sort()).toEqual(['draining', 'ending', 'ready', 'stopped', 'stopping'])
  expect(reasonOf(lines)).toBe(signal)
  expect(lines.find(({ msg }) => msg === 'ending')).toMatchObject({ failed: false })
})

test('QLT-11: it ends with its parent if it is to', async () => {
  const { code, lines } = await run(['child'], ({ msg }, child) => msg === 'ready' && child.stdin!.end())
  expect([code, reasonOf(lines)]).toEqual([0, 'parent'])
})

test('QLT-11: a second signal ends it at once, with the code of shells', async () => {
  const { code } = await run(['hangs'], ({ msg }, child) => {
    if (msg === 'ready' || msg === 'ending') child.kill('SIGTERM')
  })
  expect(code).toBe(128 + 15)
})

test('QLT-11: what does not stop in time is ended', async () => {
  const { code, talk } = await run(['hangs', '50'], signalWhenReady('SIGTERM'))
  expect([code, talk]).toEqual([4, expect.stringMatching(/^BYN-2005: .* 50 ms/)])
})

test('QLT-11: what cannot start says why, and what to do', async () => {
  const { code, talk, lines } = await run(['refused'])
  expect(code).toBe(2)
  expect(talk).toMatch(/^BYN-\d+: .+\n {2}why: .+\n {2}fix: .+\n {2}docs\/errors/)
  expect(lines).toMatchObject([
    { level: 'error', msg: 'the sample cannot start', error: { kind: 'DiskFull' } },
  ])
  expect(lines[0]!['error']).not.toHaveProperty('stack')
})

test.each([
  ['gives-up', 'gives up while it works', true],
  ['fails-late', 'fails while it stops', false],
])('QLT-11: %s: one that %s ends with 3', async (does, _, failed) => {
  const { code, talk, lines } = await run([does], failed ? undefined : signalWhenReady('SIGTERM'))
  expect([code, talk]).toEqual([3, expect.stringContaining('  fix: ')])
  expect(lines.find(({ msg }) => msg === 'ending')).toMatchObject({ failed })
  const gaveUp = lines.find(({ msg }) => msg === 'the sample gives up')
  expect(gaveUp?.level).toBe(failed ? 'fatal' : undefined)
})

test.each(['defect', 'breaks'])('QLT-11: %s: a defect crashes it with its stack', async (does) => {
  const { code, talk } = await run([does])
  expect([code, talk]).toEqual([1, expect.stringMatching(/TypeError: undefined is not a function\n\s+at /)])
})
