import { afterEach } from 'vitest'
import { runSeed, takeSeedNames } from './seed.js'

/** Set-up file of the test runner: a failed test that drew from a seed says how to repeat it. */
afterEach(({ task }) => {
  const names = takeSeedNames()
  if (names.length === 0 || task.result?.state !== 'fail') return
  const tier = process.env['BANYAN_TEST_TIER'] ?? 'push'
  console.error(
    `"${task.name}" failed with seed ${runSeed()}; repeat it with\n` +
      `  BANYAN_SEED=${runSeed()} BANYAN_TEST_TIER=${tier} npm test -- ${task.file.name} -t ${JSON.stringify(task.name)}`,
  )
})
