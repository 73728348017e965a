import { useEffect, useState } from 'react'
import { dataUrlOf } from '../../data/compute/render.js'
import { bytesText } from '../../format/time.js'

export type Picture = {
  /** Of the reader; the sample is used without one. */
  readonly file: File | undefined
  readonly choose: (file: File | undefined) => void
  /** What stands for it on the page. */
  readonly preview: string | undefined
  readonly read: () => Promise<Blob>
}

/** The picture that is worked on: the sample of this network, or a file of the reader. */
export function usePicture(sample: string): Picture {
  const [file, setFile] = useState<File>()
  const [preview, setPreview] = useState<string>()
  useEffect(() => {
    if (file === undefined) return setPreview(sample)
    let wanted = true
    setPreview(undefined)
    dataUrlOf(file).then(
      (url) => wanted && setPreview(url),
      () => undefined,
    )
    return () => {
      wanted = false
    }
  }, [file, sample])
  return {
    file,
    choose: setFile,
    preview,
    read: async () => file ?? (await fetch(sample)).blob(),
  }
}

/** Chooses the picture, and shows it. */
export function PictureField({ picture }: { readonly picture: Picture }) {
  const { file, choose, preview } = picture
  return (
    <fieldset className="options">
      <legend className="legend">A picture</legend>
      <div className="picture-field">
        <img src={preview} alt={file === undefined ? 'The sample picture' : 'Your picture'} />
        <div>
          <p>{file === undefined ? 'The sample picture' : `${file.name}, ${bytesText(file.size)}`}</p>
          <div className="actions">
            <label className="button is-small">
              {file === undefined ? 'Use your own' : 'Use another'}
              <input
                type="file"
                accept="image/*,application/pdf"
                className="aside"
                onChange={(event) => choose(event.target.files?.[0])}
              />
            </label>
            {file !== undefined && (
              <button type="button" className="button is-small" onClick={() => choose(undefined)}>
                Back to the sample
              </button>
            )}
          </div>
          <p className="hint">It is sent to the miner that does the work, and kept nowhere.</p>
        </div>
      </div>
    </fieldset>
  )
}
