import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root, runNode, tools } from './process.mjs'

/**
 * Runs vitest once and returns `{ok, passed, failed, skipped}`. A run without a single test is not ok. Explicitly
 * skipped tests are named with their reason, unless a name filter skipped the others.
 */
export async function runTests(args, env) {
  const folder = mkdtempSync(join(tmpdir(), 'banyan-test-'))
  const reportFile = join(folder, 'report.json')
  try {
    const { code } = await runNode(
      [
        tools.vitest,
        'run',
        '--reporter=default',
        `--reporter=${join(root, 'scripts/vitest-report.mjs')}`,
        ...args,
      ],
      { env: { ...env, BANYAN_TEST_REPORT: reportFile } },
    )
    if (!existsSync(reportFile)) return { ok: false, passed: 0, failed: 1, skipped: 0 }
    const { passed, failed, skipped } = JSON.parse(readFileSync(reportFile, 'utf8'))
    const filtered = args.some((arg) => arg === '-t' || arg.startsWith('--testNamePattern'))
    for (const { title, reason } of filtered ? [] : skipped) console.log(`skipped: ${title}: ${reason}`)
    if (passed + failed === 0) console.error('No test ran; that counts as a failure.')
    return { ok: code === 0 && failed === 0 && passed > 0, passed, failed, skipped: skipped.length }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
