import { type ComputeState, type PartEvent, plainLine, type StartEvent } from '@banyan/local'
import { wrap } from '../explain-error.js'
import type { Output } from '../output.js'
import { visible } from '../table.js'
import { isolationText } from './isolation-text.js'

/** After this time a part that is not ready shows what it says. */
const slowMs = 3_000
const everyMs = 500
const nameWidth = 13
const stateWidth = 12

export type Progress = {
  readonly onEvent: (event: StartEvent) => void
  /** Nothing that takes long is told any more. */
  readonly end: () => void
}

type Problem = { readonly message: string; readonly fix: string }

/** A line for each part that becomes ready, and for what stands in the way. */
export function createProgress(output: Output): Progress {
  const { talk, transient, talkPaint: paint } = output
  const begun = new Map<string, number>()
  const lastLines = new Map<string, string>()
  const deaths = new Map<string, string>()
  const secondsOf = (part: string): string =>
    `${((Date.now() - (begun.get(part) ?? Date.now())) / 1_000).toFixed(1)} s`
  const row = (name: string, state: string, detail: string): string =>
    `  ${name.padEnd(nameWidth)}${state}${' '.repeat(Math.max(1, stateWidth - visible(state)))}${detail}`

  const timer = setInterval(() => {
    const [slowest] = [...begun].filter(([, since]) => Date.now() - since > slowMs)
    if (slowest === undefined) return
    const [part] = slowest
    transient(row(part, 'starting', `${secondsOf(part)}  ${lastLines.get(part) ?? ''}`))
  }, everyMs)

  /** With the reason that it gave, and what helps. */
  const tellProblem = (part: string, state: string, { message, fix }: Problem): void => {
    // The row begins with the name.
    talk(row(part, paint.wait(state), message.startsWith(part) ? `it${message.slice(part.length)}` : message))
    for (const line of wrap(fix, row('', '', ''))) talk(line)
  }

  /** One that ends again and again for the same reason is told of once. */
  const tellDeath = (part: string, problem: Problem): void => {
    if (deaths.get(part) === problem.message && begun.has(part)) return
    deaths.set(part, problem.message)
    tellProblem(part, 'restarts', problem)
  }

  const onState = ({ part, state, detail, problem }: Extract<PartEvent, { kind: 'state' }>): void => {
    if (state === 'starting' || (state === 'restarting' && detail === '')) begun.set(part, Date.now())
    if (state === 'starting') transient(row(part, 'starting', ''))
    if (state === 'ready') {
      talk(row(part, paint.good('ready'), secondsOf(part)))
      begun.delete(part)
    }
    if (state === 'restarting' && detail !== '' && problem !== null) tellDeath(part, problem)
  }

  const onCompute = (state: ComputeState): void => {
    switch (state.kind) {
      case 'off':
        return
      case 'starting':
        transient(row('computing', 'starting', state.step))
        return
      case 'failed':
        talk(row('computing', paint.bad('failed'), state.reason))
        return
      case 'ready':
        talk(row('computing', paint.good('ready'), isolationText(state.isolation)))
        for (const line of sampleLines(state.sample.curl)) talk(line)
    }
  }

  return {
    onEvent: (event) => {
      switch (event.kind) {
        case 'making':
          return transient(row('network', 'being made', 'keys, genesis, folders'))
        case 'made':
          return talk(
            row(
              'network',
              paint.good('made'),
              `${(event.milliseconds / 1_000).toFixed(1)} s  chain ${event.chainId}`,
            ),
          )
        case 'notLite':
          return talk(
            row(
              'network',
              paint.wait('as it was'),
              `it was made with ${event.validators} validators; --lite is for new ones`,
            ),
          )
        case 'repaired':
          return talk(
            row(
              'folder',
              paint.wait('repaired'),
              `${event.orphans} processes of a supervisor that was killed are gone`,
            ),
          )
        case 'portTaken':
          return talk(row('origin', paint.wait('moved'), `port ${event.port} belongs to ${event.holder}`))
        case 'compute':
          return onCompute(event.state)
        case 'atRest':
          return talk(row('activity', paint.bad('ended'), event.reason))
        case 'lastLines':
          talk(paint.quiet(`  What ${event.part} printed last:`))
          for (const line of event.lines) talk(`    ${plainLine(line)}`)
          return
        case 'line':
          lastLines.set(event.part, plainLine(event.line))
          return
        case 'state':
          return onState(event)
        case 'hangs':
          return tellProblem(event.part, 'hangs', event.problem)
        case 'answers':
          return talk(row(event.part, paint.good('answers'), 'again'))
      }
    },
    end: () => clearInterval(timer),
  }
}

function sampleLines(curl: string): readonly string[] {
  return ['', '  A poster, drawn by a miner, and charged:', `    ${curl}`, '']
}
