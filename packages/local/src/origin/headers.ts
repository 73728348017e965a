import type { ServerResponse } from 'node:http'

/**
 * What pages of the origin may do: load and reach only what is of this origin, never stand in a frame, and ask for
 * passkeys.
 */
const pageHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy':
    'publickey-credentials-get=(self), publickey-credentials-create=(self), camera=(), microphone=(), geolocation=()',
}

/** Headers of everything that the origin itself answers. */
const answerHeaders: Readonly<Record<string, string>> = {
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

export function setPageHeaders(response: ServerResponse): void {
  for (const [name, value] of Object.entries({ ...answerHeaders, ...pageHeaders }))
    response.setHeader(name, value)
}

export function setAnswerHeaders(response: ServerResponse): void {
  for (const [name, value] of Object.entries(answerHeaders)) response.setHeader(name, value)
}
