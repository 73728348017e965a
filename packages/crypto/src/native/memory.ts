/**
 * Native modules must not see shared memory: under Node 20 some of them read nothing from it and return `undefined`
 * instead of a verdict. Returns the view itself, or a private copy if its memory is shared.
 */
export function unshared(view: Uint8Array): Uint8Array {
  return view.buffer instanceof SharedArrayBuffer ? new Uint8Array(view) : view
}
