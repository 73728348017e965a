import { useEffect, useState } from 'react'
import { commandOfPage } from './command.js'

const shownMs = 4_000

/** Copies the command form of the page that is open, and says so for a moment. */
export function CopyCommand({ path, onDone }: { readonly path: string; readonly onDone: () => void }) {
  const [text, setText] = useState('')
  useEffect(() => {
    const command = commandOfPage(path)
    const tell = async () => {
      if (command === undefined) return setText('There is no command for this page.')
      const isCopied = await navigator.clipboard.writeText(command).then(
        () => true,
        () => false,
      )
      setText(isCopied ? `Copied: ${command}` : command)
    }
    void tell()
    const timer = setTimeout(onDone, shownMs)
    return () => clearTimeout(timer)
  }, [path, onDone])
  return (
    <p className="toast" role="status">
      {text}
    </p>
  )
}
