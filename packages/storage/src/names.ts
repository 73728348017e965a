import { fail } from '@banyan/base'

const digits = 16

/** Refuses names of logs and snapshots that are not 1 to 32 lower-case letters, digits or inner hyphens. */
export function checkName(name: string): void {
  if (!/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/.test(name)) {
    fail('OptionInvalid', { option: 'name', reason: 'use 1 to 32 of a-z, 0-9 and inner hyphens' })
  }
}

/** `<name>-<sequence as 16 decimal digits>.<extension>`: names in text order are in order of sequence. */
export function numberedName(name: string, sequence: number, extension: string): string {
  return `${name}-${String(sequence).padStart(digits, '0')}.${extension}`
}

/** Sequences of the files in `files` that `numberedName` made for this name and extension, ascending. */
export function numbersOf(files: readonly string[], name: string, extension: string): number[] {
  const numbers: number[] = []
  for (const file of files) {
    const text = file.slice(name.length + 1, name.length + 1 + digits)
    const sequence = Number(text)
    if (/^\d+$/.test(text) && Number.isSafeInteger(sequence)) {
      if (file === numberedName(name, sequence, extension)) numbers.push(sequence)
    }
  }
  return numbers.sort((a, b) => a - b)
}
