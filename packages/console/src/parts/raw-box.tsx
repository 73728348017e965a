/** Everything there is to know, as it came from the node. */
export function RawBox({ value }: { readonly value: unknown }) {
  const text = JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? String(each) : each), 2)
  return (
    <details className="raw-box">
      <summary>Everything, as data</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <pre className="raw" tabIndex={0}>
        {text}
      </pre>
    </details>
  )
}
