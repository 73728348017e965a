import { writeFileSync } from 'node:fs'

/** Reporter of vitest that writes the counts, and each skip with its reason, to the file BANYAN_TEST_REPORT names. */
export default class CountReporter {
  onTestRunEnd(modules, unhandledErrors) {
    let passed = 0
    // A file that cannot be loaded, and an error outside every test, each count as one failed test.
    let failed = unhandledErrors.length
    const skipped = []
    for (const module of modules) {
      failed += module.errors().length
      for (const suite of module.children.allSuites()) failed += suite.errors().length
      for (const test of module.children.allTests()) {
        const result = test.result()
        if (result.state === 'passed') passed++
        else if (result.state === 'failed') failed++
        else skipped.push({ title: test.fullName, reason: result.note ?? 'no reason given' })
      }
    }
    writeFileSync(process.env.BANYAN_TEST_REPORT, JSON.stringify({ passed, failed, skipped }))
  }
}
