// A program that does what its arguments say, for tests of the life that all programs have.
import { banyanError } from '@banyan/base'
import { runProgram } from '@banyan/program/run'

const [does, stopTimeout] = process.argv.slice(2)
const never = new Promise(() => setInterval(() => undefined, 1_000))
const failures = {
  refused: banyanError('DiskFull', { path: 'sample' }),
  defect: new TypeError('undefined is not a function'),
}

const life = {
  logLevel: 'info',
  stopWithParent: does === 'child',
  ...(stopTimeout === undefined ? {} : { stopTimeout: Number(stopTimeout) }),
}
const code = await runProgram('the sample', life, async (log, giveUp) => {
  if (does in failures) throw failures[does]
  const timer = setInterval(() => undefined, 1_000)
  if (does === 'gives-up') setImmediate(giveUp, failures.refused)
  if (does === 'breaks') setImmediate(giveUp, failures.defect)
  return {
    ready: { port: 7 },
    drain: async () => log.info('draining'),
    stop: async (failed) => {
      log.info({ failed }, 'ending')
      clearInterval(timer)
      if (does === 'hangs') await never
      if (does === 'fails-late') throw failures.refused
    },
  }
})
process.exit(code)
