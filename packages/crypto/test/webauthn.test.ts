import { concatBytes, fromHex, uintToBe, utf8 } from '@banyan/base'
import { type Assertion, derToRaw, maxAssertionPart, portable, verifyAssertion } from '@banyan/crypto'
import { native } from '@banyan/crypto/native'
import { describe, expect, test } from 'vitest'

const hex = (text: string): Uint8Array => fromHex(text)!
const base64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'))
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** Assertions that real authenticators made, as published in test suites of open-source projects. */
const passkey = {
  authenticatorData: hex('49960de5880e8c687434170f6476605b8fe4aeb9a28632c7995cf3ba831d97630500000000'),
  clientDataJSON: utf8(
    '{"type":"webauthn.get","challenge":"g3FAVtpuaRC1FZUzDCws379xjy3v9b3YS5Xfen829t0","origin":"http://localhost:5500","crossOrigin":false}',
  ),
  der: base64(
    'MEUCICrj3f5MxBTcD61/86XJYNHO4SEXItMJmt525awYJnMaAiEAh+XWVPNX5M1stSUSstpNkergrkjp2JLOUyuTUvY6VdY=',
  ),
  publicKey: hex(
    'e89e8b4be943fadb4dc599fe2e8af87a79b438adde328a3b72d43324506cd5b64fbfe4a2f9934783c3b1af712ee87abc08f576e79346efc3b8355d931bd7b976',
  ),
  challenge: hex('83714056da6e6910b51595330c2c2cdfbf718f2deff5bdd84b95df7a7f36f6dd'),
  rpId: 'localhost',
  origin: 'http://localhost:5500',
  userVerified: true,
}
const securityKey = {
  authenticatorData: base64('MsuA3KzDw1JGLLAfO/4wLebzcS8w/SDs0Zw7pbhYlJUBAAAASg=='),
  clientDataJSON: base64(
    'eyJjaGFsbGVuZ2UiOiJjbUZ1Wkc5dExYTjBjbWx1WnkxblpXNWxjbUYwWldRdFlua3RjbkF0YzJWeWRtVnkiLCJvcmlnaW4iOiJodHRwczovL3dlYi1hdXRobi5zZWxmLWlzc3VlZC5hcHAiLCJ0eXBlIjoid2ViYXV0aG4uZ2V0In0',
  ),
  der: base64(
    'MEYCIQDmAVQcoMNRJiQZe9o5jJMnYvzza3nkDpnWdmdgKYBfwAIhAINDcFyIpIB8fql4QkllVXrQOkICfi595Gkn313gYG2r',
  ),
  publicKey: base64(
    'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEMpNU/8TjYoyN8FlhZ+YsOMAvyfQ4i6/JN0/DPXuZMoxLvdb1vjh7vPUt2Osw3Bq+0NZsx3U/8kmpFuwsZhTi9A==',
  ).subarray(-64),
  challenge: utf8('random-string-generated-by-rp-server'),
  rpId: 'web-authn.self-issued.app',
  origin: 'https://web-authn.self-issued.app',
  userVerified: false,
}

const secret = new Uint8Array(32).fill(9)
const challenge = native.sha256(utf8('transaction id'))
const text = Buffer.from(challenge).toString('base64url')
const rpIdHash = native.sha256(utf8('banyan.example'))
const authenticator = (flags: number, rest = new Uint8Array(0)) =>
  concatBytes(rpIdHash, new Uint8Array([flags, 0, 0, 0, 7]), rest)
const client = (fields: object) => utf8(JSON.stringify(fields))
const fields = { type: 'webauthn.get', challenge: text, origin: 'https://banyan.example', crossOrigin: false }

/** An assertion with a right signature over whatever parts are given. */
function sign(authenticatorData: Uint8Array, clientDataJSON: Uint8Array): Assertion {
  const message = concatBytes(authenticatorData, native.sha256(clientDataJSON))
  const signature = native.p256.sign(native.sha256(message), secret)
  const publicKey = native.p256.publicKey(secret)
  return {
    authenticatorData,
    clientDataJSON,
    signature,
    publicKey,
    challenge,
    requireUserVerification: false,
  }
}

describe.each([native, portable])('$name WebAuthn', (provider) => {
  const holds = (assertion: Assertion): boolean => verifyAssertion(provider, assertion)

  test.each([passkey, securityKey])('LED-2: a real assertion for $rpId holds', (real) => {
    const assertion: Assertion = { ...real, signature: derToRaw(real.der)!, requireUserVerification: false }
    const hash = provider.sha256(utf8(real.rpId))
    expect(holds(assertion)).toBe(true)
    expect(holds({ ...assertion, rpIdHash: hash, origin: real.origin })).toBe(true)
    expect(holds({ ...assertion, requireUserVerification: true })).toBe(real.userVerified)
    expect(holds({ ...assertion, rpIdHash: provider.sha256(utf8('other')) })).toBe(false)
    expect(holds({ ...assertion, origin: 'https://other.example' })).toBe(false)
    expect(holds({ ...assertion, challenge: real.challenge.subarray(1) })).toBe(false)
    expect(holds({ ...assertion, publicKey: provider.p256.publicKey(secret) })).toBe(false)
  })

  test('LED-2: type, challenge and flags are demanded', () => {
    expect(holds(sign(authenticator(1), client(fields)))).toBe(true)
    expect(holds(sign(authenticator(1), client({ ...fields, type: 'webauthn.create' })))).toBe(false)
    expect(holds(sign(authenticator(1), client({ ...fields, challenge: `${text}=` })))).toBe(false)
    expect(holds(sign(authenticator(1), client({ ...fields, challenge: [text] })))).toBe(false)
    expect(holds(sign(authenticator(0), client(fields)))).toBe(false)
    expect(holds(sign(authenticator(4), client(fields)))).toBe(false)
    expect(holds({ ...sign(authenticator(1), client(fields)), requireUserVerification: true })).toBe(false)
    expect(holds({ ...sign(authenticator(5), client(fields)), requireUserVerification: true })).toBe(true)
  })

  test('LED-2: authenticator data of the wrong length are refused, extensions are not', () => {
    const one = new Uint8Array(1)
    expect(holds(sign(authenticator(1).subarray(0, 36), client(fields)))).toBe(false)
    expect(holds(sign(authenticator(1, one), client(fields)))).toBe(false)
    expect(holds(sign(authenticator(0x81, one), client(fields)))).toBe(true)
    expect(holds(sign(authenticator(0x81, new Uint8Array(maxAssertionPart)), client(fields)))).toBe(false)
  })

  test('LED-2: client data must be bounded UTF-8 JSON of an object', () => {
    const json = client(fields)
    const bom = new Uint8Array([0xef, 0xbb, 0xbf])
    const nested = utf8('['.repeat(maxAssertionPart))
    const long = client({ ...fields, extra: 'x'.repeat(maxAssertionPart) })
    const badText = utf8(JSON.stringify({ ...fields, extra: '?' })).map((byte) =>
      byte === 0x3f ? 0xff : byte,
    )
    const bad = [
      concatBytes(bom, json),
      nested,
      long,
      badText,
      utf8('null'),
      utf8('[]'),
      utf8('"x"'),
      json.subarray(1),
    ]
    for (const data of [...bad, new Uint8Array(0)]) expect(holds(sign(authenticator(1), data))).toBe(false)
    expect(holds(sign(authenticator(1), client({ extra: { deep: [1] }, ...fields })))).toBe(true)
  })

  test('LED-2: what was signed cannot be altered', () => {
    const assertion = sign(authenticator(1), client(fields))
    const flip = (bytes: Uint8Array, at: number) => bytes.map((byte, i) => (i === at ? byte ^ 8 : byte))
    expect(holds({ ...assertion, authenticatorData: flip(assertion.authenticatorData, 36) })).toBe(false)
    expect(holds({ ...assertion, signature: flip(assertion.signature, 40) })).toBe(false)
    const port = client({ ...fields, origin: 'https://banyan.example:1' })
    expect(holds({ ...assertion, clientDataJSON: port })).toBe(false)
  })

  test('LED-2: challenges of every length are compared whole', () => {
    for (let length = 0; length < 12; length++) {
      const bytes = native.sha256(new Uint8Array(length)).subarray(0, length)
      const json = client({ ...fields, challenge: Buffer.from(bytes).toString('base64url') })
      expect(holds({ ...sign(authenticator(1), json), challenge: bytes })).toBe(true)
    }
  })
})

test('LED-2: DER signatures become raw ones with the lower s', () => {
  const raw = derToRaw(passkey.der)!
  const given = 0x87e5d654f357e4cd6cb52512b2da4d91eae0ae48e9d892ce532b9352f63a55d6n
  expect(raw.subarray(0, 32)).toEqual(hex('2ae3ddfe4cc414dc0fad7ff3a5c960d1cee1211722d3099ade76e5ac1826731a'))
  expect(raw.subarray(32)).toEqual(uintToBe(order - given, 32))
})

test('LED-2: other bytes than strict DER are refused', () => {
  const { der } = passkey
  const bad = [
    new Uint8Array(0),
    der.subarray(0, -1),
    concatBytes(der, new Uint8Array(1)),
    concatBytes(hex('30060201000201'), hex('01')),
    hex('3006020101020100'),
    hex('300702010102020001'),
    hex('308106020101020101'),
    concatBytes(hex('30260221'), hex('00'), uintToBe(order, 32), hex('020101')),
  ]
  for (const bytes of bad) expect(derToRaw(bytes)).toBeUndefined()
  expect(derToRaw(hex('3006020101020101'))).toEqual(concatBytes(uintToBe(1n, 32), uintToBe(1n, 32)))
})
