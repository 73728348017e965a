import { shellWord } from '../sending/code-of.js'

/** The command that does what the page in front of the reader does, where the page offers one of its own. */
let offered: string | undefined

/** Offers a command until what is returned is called. */
export function offerCommand(command: string | undefined): () => void {
  offered = command
  return () => {
    if (offered === command) offered = undefined
  }
}

/** Commands of pages by their path; a part in parentheses is their last word. */
const commands: readonly (readonly [RegExp, string])[] = [
  [/^\/$/, 'status'],
  [/^\/operations\/computing$/, 'miner list'],
  [/^\/operations$/, 'status'],
  [/^\/compute$/, 'quote darkroom'],
  [/^\/requests$/, 'work list'],
  [/^\/requests\/(\w+)$/, 'work show'],
  [/^\/lend$/, 'miner list'],
  [/^\/billing$/, 'spend'],
  [/^\/wallet/, 'account list'],
  [/^\/tokens\/issue\/(\d+)$/, 'token show'],
  [/^\/tokens/, 'token list'],
  [/^\/explorer(?:\/blocks|\/transactions)?$/, 'block'],
  [/^\/explorer\/block\/(\w+)$/, 'block'],
  [/^\/explorer\/tx\/(\w+)$/, 'tx'],
  [/^\/explorer\/address\/(\w+)$/, 'account show'],
  [/^\/explorer\/tokens$/, 'token list'],
  [/^\/explorer\/token\/(\d+)$/, 'token show'],
  [/^\/explorer\/validators$/, 'validator'],
]

/** The command form of a page: what it offers itself, or what its path stands for. */
export function commandOfPage(path: string): string | undefined {
  if (offered !== undefined) return offered
  for (const [pattern, words] of commands) {
    const match = pattern.exec(path)
    if (match !== null) return `npx banyan ${words}${match[1] === undefined ? '' : ` ${shellWord(match[1])}`}`
  }
  return undefined
}
