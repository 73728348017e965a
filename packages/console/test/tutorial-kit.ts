import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../..', import.meta.url))

/** A fenced block of a page. Its first line has a language and, for files, their name or, for commands, what they do. */
export type Snippet = {
  readonly language: string
  readonly name: string
  readonly code: string
  /** What a block of text after it says that it prints. */
  readonly prints: string | undefined
}

/** The fenced blocks of a page below docs/, in order. */
export function readSnippets(page: string): readonly Snippet[] {
  const text = readFileSync(join(root, 'docs', page), 'utf8')
  const blocks = [...text.matchAll(/^```(\w*) ?(.*)\n([\s\S]*?)^```$/gm)].map(([, language, name, code]) => ({
    language: language!,
    name: name!,
    code: code!,
  }))
  return blocks.flatMap((block, i) => {
    if (block.language === 'text') return []
    const next = blocks[i + 1]
    return [{ ...block, prints: next?.language === 'text' ? next.code : undefined }]
  })
}

/** Whether lines were printed in this order; `…` stands for anything, alone in its line for any lines. */
export function isPrinted(expected: string, printed: string): boolean {
  const plain = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const pattern = expected
    .trim()
    .split('\n')
    .map((line) => (line.trim() === '…' ? '[\\s\\S]*?' : line.split('…').map(plain).join('.*')))
    .join('\\n')
  return new RegExp(`(^|\\n)${pattern}(\\n|$)`).test(printed.trim())
}

/** A folder in the workspace that stands for its root, where a reader works. */
export type Place = {
  readonly folder: string
  readonly write: (name: string, text: string) => void
  readonly remove: () => void
}

export function makePlace(): Place {
  const folder = mkdtempSync(join(root, '.tutorial-'))
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text, { mode: 0o755 })
  }
  write('package.json', '{ "private": true, "type": "module" }')
  // As npx does, which takes a second for each command to find out that the program is there.
  write('.bin/npx', `#!/bin/sh\nname=$1\nshift\nexec node "${root}node_modules/.bin/$name" "$@"\n`)
  return { folder, write, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** A terminal: one shell that runs the commands of a page one after the other. */
export type Terminal = {
  /** What the commands print; rejects if one of them fails. */
  readonly run: (commands: string) => Promise<string>
  /** Ends the shell and all that it has started. */
  readonly close: () => void
}

export function openTerminal({ folder }: Place): Terminal {
  const { BANYAN_TEST_TIER: _tier, BANYAN_SEED: _seed, ...rest } = process.env
  const env = {
    ...rest,
    PATH: `${join(folder, '.bin')}${delimiter}${process.env['PATH']}`,
    XDG_DATA_HOME: join(folder, '.data'),
    XDG_CONFIG_HOME: join(folder, '.config'),
    NO_COLOR: '1',
  }
  const shell = spawn('bash', ['-e'], { cwd: folder, env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
  let printed = ''
  let wake = (): void => undefined
  let hasEnded = false
  const onData = (data: Buffer): void => {
    printed += data.toString()
    wake()
  }
  shell.stdout.on('data', onData)
  shell.stderr.on('data', onData)
  shell.on('close', () => {
    hasEnded = true
    wake()
  })
  let marks = 0
  return {
    run: async (commands) => {
      const mark = `end-of-snippet-${++marks}`
      printed = ''
      shell.stdin.write(`${commands}\necho ${mark}\n`)
      while (!printed.includes(mark)) {
        if (hasEnded) throw new Error(`these commands failed:\n${commands}\nand printed:\n${printed}`)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      return printed.slice(0, printed.indexOf(mark))
    },
    close: () => {
      if (shell.pid !== undefined && !hasEnded) process.kill(-shell.pid, 'SIGKILL')
    },
  }
}
