import { fail, formatAmount } from '@banyan/base'
import type { LocalNetwork } from '@banyan/local'
import { postJson } from '../ask.js'
import { openInBrowser } from '../browser.js'
import type { Context } from '../command-spec.js'
import { errorLines } from '../explain-error.js'
import { listKeys } from '../key-files.js'
import type { LogView } from './up-logs.js'

/** Whether somebody can press keys while the network runs. */
export function hasKeys({ canAsk, output }: Context): boolean {
  return canAsk && output.mode === 'text'
}

/** What the keys do, in one line. */
export const keyLine =
  'o console   e explorer   l logs   f test money   s snapshot   r restart a part   q quit'

const interruptKey = '\u0003'
const suspendKey = '\u001a'

/** Acts on keys that are pressed, one after the other, until the returned function is called. */
export function listenToKeys(context: Context, network: LocalNetwork, logs: LogView): () => void {
  const { output, signal } = context
  const { talk } = output
  const parts = network.supervisor.parts
  const quit = (): void => void process.kill(process.pid, 'SIGINT')
  let isChoosing = false

  const open = async (page: string): Promise<void> => {
    const url = `${network.origin}${page}`
    talk((await openInBrowser(url)) ? `  Opened ${url}` : `  ${url}`)
  }
  const restart = (key: string): void => {
    isChoosing = false
    const part = parts[Number(key) - 1]
    if (part === undefined) talk('  Nothing is restarted.')
    else part.restart()
  }
  const act = async (key: string): Promise<void> => {
    if (isChoosing) return restart(key)
    switch (key) {
      case 'o':
        return open('/')
      case 'e':
        return open('/explorer')
      case 'l':
        return logs.next(parts.map(({ name }) => name))
      case 'f':
        return giveMoney(context, network.origin)
      case 's':
        return keepSnapshot(context, network)
      case 'r':
        isChoosing = true
        return talk(`  Which one?  ${parts.map(({ name }, i) => `${i + 1} ${name}`).join('   ')}`)
      case 'q':
        return quit()
      default:
        if (/^[\w?]$/.test(key)) talk(`  ${keyLine}`)
    }
  }

  let acting = Promise.resolve()
  const onKeys = (keys: string): void => {
    for (const key of keys) {
      if (key === interruptKey) quit()
      else if (key === suspendKey) suspend()
      else {
        acting = acting
          .then(() => act(key))
          .catch((error: unknown) => {
            if (!signal.aborted) for (const line of errorLines(error, output, network.origin)) talk(line)
          })
      }
    }
  }
  return readKeys(onKeys)
}

/** Single keys instead of lines, until the returned function is called. */
function readKeys(onKeys: (keys: string) => void): () => void {
  const { stdin } = process
  const lines = (): void => void stdin.setRawMode(false)
  stdin.setRawMode(true)
  // Whatever ends this process, the terminal is left as it was.
  process.on('exit', lines)
  stdin.setEncoding('utf8').on('data', onKeys).resume()
  return () => {
    process.off('exit', lines)
    stdin.off('data', onKeys).pause()
    lines()
  }
}

/** As the terminal would do it: the shell has it back until this program is called to the front again. */
function suspend(): void {
  process.stdin.setRawMode(false)
  process.once('SIGCONT', () => process.stdin.setRawMode(true))
  process.kill(0, 'SIGTSTP')
}

/** Gives test money to the account that is set, else to the first one of the user. Errors: NameUnknown, FaucetLimited. */
async function giveMoney({ settings, output, signal }: Context, origin: string): Promise<void> {
  const accounts = await listKeys()
  const wanted = settings.account
  const account = accounts.find(({ name }) => wanted === undefined || name === wanted)
  if (account === undefined) {
    if (wanted !== undefined) fail('NameUnknown', { name: wanted, what: 'account of yours' })
    return output.talk('  You have no account yet. Make one:  banyan account create me')
  }
  const gift = await postJson<{ amount: string }>(
    `${origin}/local/faucet`,
    { address: account.address },
    settings.timeout,
    signal,
  )
  output.talk(`  ${formatAmount(BigInt(gift.amount))} FIG are on their way to ${account.name}.`)
}

async function keepSnapshot({ output }: Context, network: LocalNetwork): Promise<void> {
  const name = new Date().toISOString().slice(0, 19).replaceAll(/[:T]/g, '-')
  output.talk('  The validators stop for a copy.')
  await network.saveSnapshot(name)
  output.talk(`  Kept as "${name}". Back to it, once this network is down:  banyan snapshot load ${name}`)
}
