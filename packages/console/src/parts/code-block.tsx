import { CopyButton } from './copy-button.js'

/** Code under its name, to read and to copy. */
export function CodeBlock({ label, code }: { readonly label: string; readonly code: string }) {
  return (
    <figure className="code">
      <figcaption>
        {label}
        <CopyButton value={code} what={`the code ${label.charAt(0).toLowerCase()}${label.slice(1)}`} />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <pre className="raw" tabIndex={0}>
        {code}
      </pre>
    </figure>
  )
}
