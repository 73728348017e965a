import { webcrypto } from 'node:crypto'
import { createContext, runInContext } from 'node:vm'
import { WebSocket } from 'ws'

/**
 * A realm that has what React Native gives to programs, and nothing else: the language, timers, a `fetch` that reads answers
 * whole, sockets, signals of the older kind, text encoding, and random values by the usual module for them.
 */
export function createNativeRealm(): { readonly run: (script: string) => unknown } {
  const realm = createContext({
    console,
    ...{ setTimeout, clearTimeout, setInterval, clearInterval, queueMicrotask },
    ...{ URLSearchParams, WebSocket },
    crypto: { getRandomValues: (array: Uint8Array) => webcrypto.getRandomValues(array) },
    hostFetch: nativeFetch,
  })
  runInContext(prelude, realm)
  return { run: (script) => runInContext(script, realm) }
}

type NativeRequest = {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string | Uint8Array
  readonly signal?: { readonly aborted: boolean; addEventListener: (name: 'abort', act: () => void) => void }
}

/** Answers without a body that could be read in pieces. */
async function nativeFetch(url: string, { signal, body, ...init }: NativeRequest = {}) {
  const own = new AbortController()
  signal?.addEventListener('abort', () => own.abort())
  const response = await fetch(url, {
    ...init,
    ...(body !== undefined && { body: typeof body === 'string' ? body : new Uint8Array(body) }),
    signal: own.signal,
  })
  const text = await response.text()
  const { status, ok, headers } = response
  return { status, ok, headers: { get: (name: string) => headers.get(name) }, text: async () => text }
}

/** What must be of the realm itself. */
const prelude = `
  globalThis.fetch = hostFetch
  delete globalThis.hostFetch
  globalThis.TextEncoder = class {
    encode(text) {
      const escaped = unescape(encodeURIComponent(text))
      return Uint8Array.from(escaped, (letter) => letter.charCodeAt(0))
    }
  }
  globalThis.AbortController = class {
    constructor() {
      const listeners = new Set()
      this.listeners = listeners
      this.signal = {
        aborted: false,
        addEventListener: (name, act) => void listeners.add(act),
        removeEventListener: (name, act) => void listeners.delete(act),
      }
    }
    abort() {
      if (this.signal.aborted) return
      this.signal.aborted = true
      for (const act of [...this.listeners]) act()
    }
  }
`
