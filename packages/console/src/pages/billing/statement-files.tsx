import { Download } from 'lucide-react'
import { computePath } from '../../data/compute/ask.js'

const formats = ['pdf', 'csv', 'parquet', 'json'] as const

/** The invoice as files: for people, for tables, for programs, and to be checked by `banyan verify`. */
export function StatementFiles({ period }: { readonly period: string }) {
  return (
    <span className="actions">
      {formats.map((format) => (
        <a
          key={format}
          className="button is-small"
          href={`${computePath}/_banyan/statements/${encodeURIComponent(period)}?format=${format}`}
          download={`banyan-${period}.${format}`}
        >
          <Download size={14} aria-hidden="true" />
          {format === 'parquet' ? 'Parquet' : format.toUpperCase()}
        </a>
      ))}
    </span>
  )
}
