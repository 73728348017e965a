import { resolve } from 'node:path'
import { fail } from '@banyan/base'
import { runDev } from '@banyan/dservice/node'
import type { Context } from '../command-spec.js'

/** Serves a DService until it is interrupted. */
export async function run(context: Context): Promise<undefined> {
  const { arguments: named, options, output, signal } = context
  const address = await runDev({
    folder: resolve(named['folder'] ?? '.'),
    port: portOf(String(options['listen'] ?? '4480')),
    onRequest: (request) => {
      const { method, path, status, milliseconds, bytesIn, bytesOut } = request
      const paint = status >= 500 ? output.paint.bad : output.paint.quiet
      const line = `${paint(String(status))} ${method} ${path}  ${milliseconds.toFixed(1)} ms, ${bytesIn} B in, ${bytesOut} B out`
      output.item(request, line)
    },
    print: (line) => output.talk(output.talkPaint.quiet(line)),
    signal,
  })
  output.talk(`It serves ${address}; files are watched. Ctrl-C ends it.`)
  await new Promise((done) => {
    if (signal.aborted) done(undefined)
    else signal.addEventListener('abort', done, { once: true })
  })
}

function portOf(text: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  return fail('UsageWrong', { command: 'banyan dservice dev', reason: '--listen is not a port' })
}
