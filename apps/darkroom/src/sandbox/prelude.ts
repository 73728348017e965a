/**
 * What a script finds before it begins, as ECMAScript for the sandbox. `$host(operation, json)` answers JSON; the list
 * of operations makes the methods. Nothing here may depend on time or chance.
 */
export const prelude = `'use strict';
(() => {
  const host = globalThis.$host
  delete globalThis.$host
  const names = new WeakMap()
  const ids = new WeakMap()
  const define = (name, value) => Object.defineProperty(globalThis, name, { value })
  const wire = (value) => {
    if (typeof value !== 'object' || value === null) return value
    if (ids.has(value)) return { $media: ids.get(value) }
    if (Array.isArray(value)) return value.map(wire)
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, wire(field)]))
  }
  const invoke = (operation, own, values) => {
    const named = names.get(values.at(-1))
    const positional = named === undefined ? values : values.slice(0, -1)
    const call = { own, positional: positional.map(wire), named: wire(named ?? {}) }
    const answer = JSON.parse(host(operation, JSON.stringify(call)))
    if (answer !== null && typeof answer === 'object' && '$media' in answer) {
      const made = Object.create(classes[answer.$class].prototype)
      ids.set(made, answer.$media)
      return made
    }
    return answer
  }
  let count = 0
  const make = (name) =>
    ({
      [name]: class {
        constructor(...values) {
          ids.set(this, ++count)
          if (values.length > 0) this.load(...values)
        }
      },
    })[name]
  const classes = { Media: make('Media'), Zip: make('Zip') }
  for (const [name, value] of Object.entries(classes)) define(name, value)
  for (const { name, on, answers } of JSON.parse(host('$operations', 'null'))) {
    Object.defineProperty(classes[on].prototype, name, {
      value(...values) {
        const answer = invoke(on + '.' + name, ids.get(this), values)
        return answers ? answer : this
      },
    })
  }
  for (const field of ['width', 'height', 'frames', 'format']) {
    Object.defineProperty(classes.Media.prototype, field, {
      get() {
        return this.info()[field]
      },
    })
  }
  define('$named', (fields) => {
    names.set(fields, fields)
    return fields
  })
  const absent = (name) => () => {
    throw new TypeError(name + ' is absent: the same request must give the same result everywhere')
  }
  delete globalThis.Date
  define('Date', Object.assign(absent('Date'), { now: absent('Date.now') }))
  Math.random = absent('Math.random')
  define('$main', (json) => {
    const { values, parameters } = JSON.parse(json)
    define('request', Object.freeze({ parameters: Object.freeze(parameters) }))
    return () => {
      const value = main(...values.map((entry) => (entry === null ? undefined : entry.value)))
      return value === undefined ? 'null' : JSON.stringify({ value: wire(value) })
    }
  })
})()`
