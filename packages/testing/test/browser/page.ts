/** Runs in the browser. */

export const same = <Value>(value: Value): Value => value

export const kinds = (...values: readonly unknown[]): string[] =>
  values.map((value) => Object.prototype.toString.call(value))

export const throwLater = (): void => {
  setTimeout(() => {
    throw new RangeError('nobody caught this')
  })
}

/** Whether the page can load something from another site. */
export const canReach = (address: string): Promise<boolean> =>
  fetch(address).then(
    () => true,
    () => false,
  )
