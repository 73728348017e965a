import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'packages/*/test/**/*.test.ts',
      'apps/*/test/**/*.test.ts',
      'bench/test/**/*.test.ts',
      'scripts/test/**/*.test.mjs',
    ],
    setupFiles: ['@banyan/testing/report-seeds'],
    // Processes of their own: native modules and worker threads of one test file cannot disturb another.
    pool: 'forks',
    maxWorkers: 2,
    // Generous, because no test asserts times and machines are shared. The counts of the other tiers take long.
    testTimeout: (process.env['BANYAN_TEST_TIER'] ?? 'push') === 'push' ? 120_000 : 7_200_000,
    hookTimeout: 120_000,
    retry: 0,
    // Built packages are loaded by Node itself, as users load them, not rewritten by the test runner.
    server: { deps: { external: [/\/(packages|apps)\/[^/]+\/dist\//, /\/bench\/dist\//] } },
  },
})
