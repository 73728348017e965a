import { version } from './version.js'

const oldest = [20, 19] as const
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  process.stderr.write(
    `Banyan needs Node ${oldest.join('.')} or newer; this is ${process.versions.node}. Get one at nodejs.org.\n`,
  )
  process.exit(1)
}

// Who reads the output has seen enough, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

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
