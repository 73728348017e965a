import { version } from './version.js'

const words = process.argv.slice(2)
// Asked often, by scripts and prompts: nothing else is loaded for it.
if (words.length === 1 && (words[0] === '--version' || words[0] === '-V'))
  process.stdout.write(`${version}\n`)
else {
  const { main } = await import('./run.js')
  const code = await main(words)
  // Output may still wait in a pipe; open handles must not hold the process.
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)))
}
