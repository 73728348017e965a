// Writes docs/cli.md from the command tree: `npm run docs:cli`.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { prepare } from './prepare.mjs'
import { root } from './process.mjs'

const cell = (text) => String(text).replaceAll('|', '\\|')

function argumentTerm({ name, isOptional, isVariadic }) {
  const form = `${name}${isVariadic ? '...' : ''}`
  return isOptional ? `[${form}]` : `<${form}>`
}

function commandSection({ command, summary, arguments: given, options, examples, exitCodes }, everywhere) {
  const own = options.filter(({ name }) => !everywhere.includes(name))
  const rows = [
    ...given.map(({ name, description }) => [name, description]),
    ...own.map(({ name, value, description, fallback, choices }) => [
      value === undefined ? `--${name}` : `--${name} <${choices === undefined ? value : choices.join('|')}>`,
      fallback === undefined ? description : `${description}; default ${fallback}`,
    ]),
  ]
  const lines = ['', `### banyan ${command}`, '', `${summary}.`, '', '```', ...examples, '```', '']
  lines.push(`\`banyan ${[command, ...given.map(argumentTerm)].join(' ')}\``)
  if (rows.length > 0) {
    lines.push('', '| | |', '|---|---|')
    for (const [term, text] of rows) lines.push(`| \`${cell(term)}\` | ${cell(text)} |`)
  }
  lines.push('', `Exit codes: ${exitCodes.join(', ')}.`)
  return lines
}

/** The whole page for what `banyan describe --json` prints. */
export function cliPage({ exitCodes, settings, commands }) {
  const everywhere = ['json', 'no-color', 'no-input', 'debug']
  const lines = [
    '# The command banyan',
    '',
    'In this workspace it is run by `npx banyan`. Results go to standard output, everything else to standard error, so that output can be piped.',
    'This page is written by `npm run docs:cli` from the command tree, as `banyan --help`, the completion of shells and `banyan describe --json` are.',
    '',
    '| every command has | |',
    '|---|---|',
    '| `--json` | one JSON document on standard output; an error is one too, `{"error": {"code", "name", "message", "cause", "fix", …}}` |',
    '| `--jsonl` | where results come one after the other: a line of JSON for each |',
    '| `--csv` | where accounts, tokens or movements are listed: comma-separated values by RFC 4180 |',
    '| `--no-color` | no colours; `NO_COLOR`, `FORCE_COLOR` and `TERM=dumb` are heeded too, and a stream that is no terminal gets none |',
    '| `--no-input` | never asks; without a terminal nothing asks either, and the command fails naming the flag that answers |',
    '| `--debug` | shows the stack of an error |',
    '',
    'Amounts in JSON are decimal text in base units, with `decimals` beside them where they are not FIG (18). Secrets are never taken from',
    'flags or the environment: `account create --key-file` reads a file, or standard input for `-`. Keys of yours are files with mode 600 in',
    '`$XDG_DATA_HOME/banyan/accounts`, by default `~/.local/share/banyan/accounts`.',
    '',
    '## Settings',
    '',
    'A setting comes from its flag, else from its environment variable, else from `banyan.config.json` or `banyan.config.ts`',
    'in the working folder (the latter exports an object by default, and needs Node 22.18 or newer), else from',
    '`$XDG_CONFIG_HOME/banyan/config.json`, else it has its default. `banyan config explain` tells which of them won.',
    '',
    '| setting | environment | default | meaning |',
    '|---|---|---|---|',
    ...settings.map(
      ({ name, variable, fallback, description }) =>
        `| \`${name}\` | \`${variable}\` | ${fallback ?? 'none'} | ${cell(description)} |`,
    ),
    '',
    '## Exit codes',
    '',
    '| code | meaning |',
    '|---|---|',
    ...exitCodes.map(({ code, meaning }) => `| ${code} | ${meaning} |`),
  ]
  for (const group of [...new Set(commands.map((command) => command.group))]) {
    lines.push('', `## ${group}`)
    for (const command of commands.filter((found) => found.group === group))
      lines.push(...commandSection(command, everywhere))
  }
  return `${lines.join('\n')}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await prepare()
  const { commands, describeCommands } = await import('@banyan/cli')
  writeFileSync(join(root, 'docs/cli.md'), cliPage(describeCommands(commands)))
  console.log(`docs/cli.md: ${commands.length} commands`)
}
