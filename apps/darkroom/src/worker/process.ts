import { BanyanError, banyanError } from '@banyan/base'
import { useOwnFonts } from '../picture/fonts.js'
import type { FromWorker, JobOrder, ToWorker, WireError } from './messages.js'

// Before the libraries are loaded, which look for fonts once.
useOwnFonts(process.env['DARKROOM_FOLDER']!)
const { startSandbox } = await import('../sandbox/sandbox.js')
const { runJob } = await import('./job.js')
const { PlacedError, toWire } = await import('./messages.js')

const sandbox = startSandbox()
let waiting:
  | { readonly resolve: (path: string) => void; readonly reject: (error: unknown) => void }
  | undefined

const send = (message: FromWorker) => process.send!(message)

function fetch(name: string): Promise<string> {
  send({ kind: 'fetch', name })
  return new Promise((resolve, reject) => {
    waiting = { resolve, reject }
  })
}

function wireError(error: unknown): WireError {
  if (error instanceof PlacedError) return toWire(error, error.position)
  if (error instanceof BanyanError) return toWire(error)
  console.error(error)
  return toWire(banyanError('DarkroomFailed'))
}

async function work(order: JobOrder): Promise<void> {
  try {
    send({ kind: 'done', result: await runJob(order, sandbox, fetch) })
  } catch (error) {
    send({ kind: 'failed', error: wireError(error) })
  }
  send({ kind: 'ready' })
}

process.on('message', (message: ToWorker) => {
  if (message.kind === 'job') void work(message.order)
  else if (message.kind === 'input') waiting?.resolve(message.path)
  else waiting?.reject(new PlacedError(message.error))
})
// A supervisor that is gone needs no workers.
process.on('disconnect', () => process.exit(0))
send({ kind: 'ready' })
