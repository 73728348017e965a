/** A value of a chart. */
export type Point = { readonly x: number; readonly y: number }
