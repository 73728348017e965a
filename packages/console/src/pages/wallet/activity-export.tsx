import { Download } from 'lucide-react'
import { useState } from 'react'
import { useAssetNames } from '../../data/asset-names.js'
import { ErrorNote } from '../../errors/error-note.js'

type Format = 'csv' | 'json'

const types = { csv: 'text/csv', json: 'application/json' } as const satisfies Record<Format, string>

/** Lets the browser keep a text as a file. */
function saveFile(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}

/** Takes all activity of an account away as a file. */
export function ActivityExport({ address }: { readonly address: `0x${string}` }) {
  const assets = useAssetNames()
  const [busy, setBusy] = useState<Format>()
  const [error, setError] = useState<unknown>()
  const save = async (format: Format) => {
    setBusy(format)
    setError(undefined)
    try {
      const [{ readActivity }, { activityCsv, activityJson }] = await Promise.all([
        import('./read-activity.js'),
        import('./activity-file.js'),
      ])
      const items = await readActivity(address)
      const text = format === 'csv' ? activityCsv(items, address, assets) : activityJson(items)
      saveFile(`banyan-${address.slice(0, 10)}.${format}`, text, types[format])
    } catch (failure) {
      setError(failure)
    }
    setBusy(undefined)
  }
  return (
    <>
      <div className="actions">
        {(['csv', 'json'] as const).map((format) => (
          <button
            key={format}
            type="button"
            className="button is-small"
            disabled={busy !== undefined}
            onClick={() => void save(format)}
          >
            <Download size={14} aria-hidden="true" />
            {busy === format ? 'Reading all of it…' : `As ${format.toUpperCase()}`}
          </button>
        ))}
      </div>
      {error !== undefined && <ErrorNote error={error} what="The activity could not be read" />}
    </>
  )
}
