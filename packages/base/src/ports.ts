/** Interfaces that shells give to cores and services. Implementations live on higher floors. */

export type Clock = {
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number
}

export type LogFields = Readonly<Record<string, string | number | bigint | boolean | undefined>>

export type Logger = {
  readonly debug: (message: string, fields?: LogFields) => void
  readonly info: (message: string, fields?: LogFields) => void
  readonly warn: (message: string, fields?: LogFields) => void
  readonly error: (message: string, fields?: LogFields) => void
}
