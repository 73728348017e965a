/**
 * `Promise.withResolvers` (ECMAScript 2024) for Node 20, which lacks it: the locks of libp2p's peer store call it. Loaded
 * before libp2p, and does nothing where the function exists.
 */
if (!('withResolvers' in Promise)) {
  Object.defineProperty(Promise, 'withResolvers', {
    configurable: true,
    writable: true,
    value: function withResolvers<Value>(this: PromiseConstructor) {
      let resolve: ((value: Value) => void) | undefined
      let reject: ((reason: unknown) => void) | undefined
      const promise = new this<Value>((onValue, onReason) => {
        resolve = onValue
        reject = onReason
      })
      return { promise, resolve, reject }
    },
  })
}
