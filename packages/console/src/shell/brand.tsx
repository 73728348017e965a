/** The mark: a crown with roots that have become stems. */
export function BrandMark() {
  return (
    <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
      <g fill="none" stroke="currentColor" strokeWidth="2.6" strokeLinecap="round">
        <path d="M4 14C6 7 11 4 16 4s10 3 12 10" />
        <path d="M16 5v23M10 8.5v13M22 8.5v13M5 14v5M27 14v5" />
      </g>
    </svg>
  )
}
