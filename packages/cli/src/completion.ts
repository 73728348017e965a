import type { CommandSpec } from './command-spec.js'
import { optionsOf } from './program.js'

export type Shell = 'bash' | 'zsh' | 'fish'

/** A word that can follow others, and what it is. */
type Candidate = { readonly word: string; readonly text: string }

/** What can follow each beginning of a command line: its next words, or the options of the whole command. */
function candidatesByBeginning(commands: readonly CommandSpec[]): ReadonlyMap<string, readonly Candidate[]> {
  const found = new Map<string, Candidate[]>()
  const add = (beginning: string, candidate: Candidate): void => {
    const list = found.get(beginning) ?? []
    if (!list.some(({ word }) => word === candidate.word)) list.push(candidate)
    found.set(beginning, list)
  }
  for (const spec of commands) {
    for (const [i, word] of spec.words.entries()) {
      add(spec.words.slice(0, i).join(' '), { word, text: i === spec.words.length - 1 ? spec.summary : '' })
    }
    const whole = spec.words.join(' ')
    for (const { choices = [] } of spec.arguments ?? [])
      for (const word of choices) add(whole, { word, text: '' })
    for (const { name, description } of optionsOf(spec)) add(whole, { word: `--${name}`, text: description })
  }
  return found
}

/** A script that makes a shell complete words, subcommands and options of the command. */
export function completionScript(shell: Shell, commands: readonly CommandSpec[]): string {
  const candidates = candidatesByBeginning(commands)
  switch (shell) {
    case 'bash':
      return bashScript(candidates)
    case 'zsh':
      return `#compdef banyan\nautoload -U +X bashcompinit && bashcompinit\n${bashScript(candidates)}`
    case 'fish':
      return fishScript(candidates)
  }
}

const wordList = (candidates: readonly Candidate[]): string => candidates.map(({ word }) => word).join(' ')

function bashScript(candidates: ReadonlyMap<string, readonly Candidate[]>): string {
  const cases = [...candidates].map(([beginning, list]) => `    "${beginning}") words="${wordList(list)}" ;;`)
  return `_banyan() {
  local words="" beginning="" i word
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    [[ $word == -* ]] && break
    case "\${beginning:+$beginning }$word" in
${[...new Set([...candidates.keys()].filter((key) => key !== ''))].map((key) => `      "${key}") beginning="${key}" ;;`).join('\n')}
    esac
  done
  case "$beginning" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _banyan banyan`
}

function fishScript(candidates: ReadonlyMap<string, readonly Candidate[]>): string {
  const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  const lines = [...candidates].flatMap(([beginning, list]) => {
    const words = beginning === '' ? [] : beginning.split(' ')
    const isGroup = list.every(({ word }) => !word.startsWith('-'))
    const condition =
      beginning === ''
        ? '__fish_use_subcommand'
        : [
            ...words.map((word) => `__fish_seen_subcommand_from ${word}`),
            ...(isGroup ? [`not __fish_seen_subcommand_from ${wordList(list)}`] : []),
          ].join('; and ')
    return list.map(({ word, text }) => {
      const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-a ${quote(word)}`
      return `complete -c banyan -n ${quote(condition)} ${what}${text === '' ? '' : ` -d ${quote(text)}`}`
    })
  })
  return ['complete -c banyan -f', ...lines].join('\n')
}
