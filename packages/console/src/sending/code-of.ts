import { formatAmount, maxAmount } from '@banyan/base'
import type { Act } from './act.js'

/** What an act needs besides itself to be written down. */
export type CodeContext = {
  /** Where the network answers. */
  readonly url: string
  /** Who acts, as the command line knows them. */
  readonly account: string
  /** Of the token that the act is about. */
  readonly symbol: string
  readonly decimals: number
  readonly isSponsored: boolean
}

/** The same act as a command and as a program. */
export type ActCode = { readonly command: string | undefined; readonly program: string }

const coin = 0

/** Text as one word of a shell: https://pubs.opengroup.org/onlinepubs/9699919799/utilities/V3_chap02.html, "Quoting". */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

/** How somebody would do the same without this page. Where the command line lacks it, there is no command. */
export function codeOf(act: Act, context: CodeContext): ActCode {
  return { command: commandOf(act, context), program: programOf(act, context) }
}

function commandOf(act: Act, { account, symbol, decimals }: CodeContext): string | undefined {
  const words = ((): readonly string[] | undefined => {
    switch (act.kind) {
      case 'pay': {
        const amount = formatAmount(act.amount, decimals)
        return act.asset === coin
          ? ['transfer', amount, act.to]
          : ['token', 'transfer', symbol, amount, act.to]
      }
      case 'create': {
        const { name, symbol: own, decimals: digits, initialSupply, cap, pausable } = act.token
        if (pausable === true) return undefined
        const most = cap === undefined ? [] : ['--cap', formatAmount(cap, digits)]
        const supply = formatAmount(initialSupply, digits)
        return ['token', 'create', own, name, '--supply', supply, ...most, '--decimals', String(digits)]
      }
      case 'issue':
        return ['token', 'mint', symbol, formatAmount(act.amount, decimals), act.to]
      case 'pause':
      case 'resume':
        return undefined
    }
  })()
  return words && ['npx', 'banyan', ...words, '--account', account].map(shellWord).join(' ')
}

const actions = {
  pay: 'send',
  create: 'createToken',
  issue: 'mintToken',
  pause: 'pauseToken',
  resume: 'unpauseToken',
} as const satisfies Record<Act['kind'], string>

function programOf(act: Act, { url, decimals, isSponsored }: CodeContext): string {
  const amount = (units: bigint, digits: number): string =>
    `parseAmount('${formatAmount(units, digits)}'${digits === 18 ? '' : `, ${digits}`})`
  const fields = ((): readonly string[] => {
    switch (act.kind) {
      case 'pay': {
        const asset = act.asset === coin ? [] : [`asset: ${act.asset}`]
        return [`to: '${act.to}'`, `amount: ${amount(act.amount, decimals)}`, ...asset]
      }
      case 'create': {
        const { name, symbol, decimals: digits, initialSupply, cap, pausable } = act.token
        const token = [
          `name: ${JSON.stringify(name)}`,
          `symbol: ${JSON.stringify(symbol)}`,
          `decimals: ${digits}`,
          `initialSupply: ${amount(initialSupply, digits)}`,
          ...(cap === undefined
            ? []
            : [`cap: ${cap === maxAmount ? '2n ** 128n - 1n' : amount(cap, digits)}`]),
          ...(pausable === true ? ['pausable: true'] : []),
        ]
        return [`token: {\n    ${token.join(',\n    ')},\n  }`]
      }
      case 'issue':
        return [`asset: ${act.asset}`, `to: '${act.to}'`, `amount: ${amount(act.amount, decimals)}`]
      case 'pause':
      case 'resume':
        return [`asset: ${act.asset}`]
    }
  })()
  const body = fields.join(',\n  ')
  const parse = body.includes('parseAmount(') ? ['parseAmount'] : []
  const names = ['createClient', ...parse, actions[act.kind]].sort()
  const sponsor = isSponsored ? `, sponsor: { url: '${url}/sponsor' }` : ''
  return [
    `import { ${names.join(', ')} } from '@banyan/sdk'`,
    '',
    `const client = createClient({ url: '${url}', account${sponsor} })`,
    `await ${actions[act.kind]}(client, {\n  ${body},\n}).final`,
  ].join('\n')
}
