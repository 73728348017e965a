import { fail } from '@banyan/base'

/** What a client wants its charge to say: fields of its own, and which of its users it was for. */
export type ChargeWish = { readonly endUser: string; readonly custom: Readonly<Record<string, string>> }

const maxFields = 64
const maxLength = 2_000
const maxUserBytes = 128
const none: ChargeWish = { endUser: '', custom: {} }

/** From the headers banyan-end-user and banyan-fields, which has the form of a query. Error: WorkMalformed. */
export function readWish(own: ReadonlyMap<string, string>): ChargeWish {
  const endUser = own.get('end-user') ?? ''
  const text = own.get('fields')
  if (endUser === '' && text === undefined) return none
  if (Buffer.byteLength(endUser) > maxUserBytes)
    fail('WorkMalformed', { reason: `banyan-end-user is longer than ${maxUserBytes} bytes` })
  return { endUser, custom: text === undefined ? {} : readFields(text) }
}

function readFields(text: string): Readonly<Record<string, string>> {
  if (text.length > maxLength)
    fail('WorkMalformed', { reason: `banyan-fields is longer than ${maxLength} characters` })
  const fields = [...new URLSearchParams(text)]
  if (fields.length > maxFields) fail('WorkMalformed', { reason: `banyan-fields has more than ${maxFields}` })
  for (const [name] of fields) {
    if (!/^[\x21-\x7e]{1,64}$/.test(name))
      fail('WorkMalformed', { reason: 'a name in banyan-fields is not 1 to 64 signs of ASCII' })
  }
  return Object.fromEntries(fields)
}
