/** Colours of a terminal, or none. */
export type Paint = {
  readonly bold: (text: string) => string
  readonly quiet: (text: string) => string
  /** Settled. */
  readonly good: (text: string) => string
  /** Waits. */
  readonly wait: (text: string) => string
  readonly bad: (text: string) => string
}

type Stream = { readonly isTTY?: boolean | undefined }

const same = (text: string): string => text
const sgr =
  (code: string) =>
  (text: string): string =>
    `\u001b[${code}m${text}\u001b[0m`

/** Whether this stream gets colours, by no-color.org, force-color.org and what terminals say of themselves. */
export function hasColor(stream: Stream, environment: NodeJS.ProcessEnv, isOff: boolean): boolean {
  if (isOff || (environment['NO_COLOR'] ?? '') !== '') return false
  const forced = environment['FORCE_COLOR']
  if (forced !== undefined) return forced !== '0' && forced !== 'false'
  return stream.isTTY === true && environment['TERM'] !== 'dumb'
}

export function paintFor(isColored: boolean): Paint {
  if (!isColored) return { bold: same, quiet: same, good: same, wait: same, bad: same }
  return { bold: sgr('1'), quiet: sgr('2'), good: sgr('32'), wait: sgr('33'), bad: sgr('31') }
}
