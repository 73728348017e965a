import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const program = fileURLToPath(new URL('../dist/runner/main.js', import.meta.url))

function runBench(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' })
  return { status, stdout, stderr }
}

test('QLT-7, QLT-11: --json prints one document with machine and complete rows, and nothing else', () => {
  const { status, stdout } = runBench('machine', '--quick', '--json')
  expect(status).toBe(0)
  const document = JSON.parse(stdout)
  expect(Object.keys(document)).toEqual(['bench', 'machine', 'rows'])
  expect(document.bench).toBe('machine')
  expect(document.machine).toMatchObject({ node: process.versions.node, cores: expect.any(Number) })
  expect(document.machine.date).toMatch(/^\d{4}-\d\d-\d\dT/)
  expect(document.rows.length).toBeGreaterThan(0)
  for (const row of document.rows) {
    expect(Object.keys(row)).toEqual([
      'what',
      'unit',
      'ours',
      'against',
      'ratio',
      'goal',
      'holds',
      'cpuMicros',
    ])
    expect(row.ours).toBeGreaterThan(0)
  }
})

test('QLT-7: without a name the benchmarks are listed', () => {
  const { status, stdout } = runBench()
  expect(status).toBe(0)
  expect(stdout).toMatch(/^ {2}machine +Calibration/m)
})

test('QLT-7: an unknown name or option is refused with the known ones, as a usage error', () => {
  expect(runBench('nope')).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining('machine'),
  })
  expect(runBench('machine', '--nope')).toMatchObject({ status: 2, stdout: '' })
})
