import type { ReactNode } from 'react'

export type FigureText = {
  readonly label: string
  readonly value: ReactNode
  readonly unit?: string
  readonly note?: ReactNode
}

/** Figures under a rule, as totals stand in a ledger. */
export function Figures({ figures }: { readonly figures: readonly FigureText[] }) {
  return (
    <dl className="figures">
      {figures.map(({ label, value, unit, note }) => (
        <div className="figure" key={label}>
          <dt>{label}</dt>
          <dd>
            {value}
            {unit !== undefined && <small> {unit}</small>}
          </dd>
          {note !== undefined && <dd className="figure-note">{note}</dd>}
        </div>
      ))}
    </dl>
  )
}

/** Facts by name, in two columns where there is room. */
export function Facts({ facts }: { readonly facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div className="fact" key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
