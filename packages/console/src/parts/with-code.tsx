/** A sentence in which commands stand between backticks, as errors name them. */
export function WithCode({ text }: { readonly text: string }) {
  return text.split('`').map((piece, index) =>
    index % 2 === 0 ? (
      piece
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces of a text have no other name, and never move
      <code key={index}>{piece}</code>
    ),
  )
}
