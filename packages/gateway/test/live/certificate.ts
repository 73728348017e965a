import { generateKeyPairSync, sign } from 'node:crypto'

/** A value of ASN.1 in DER. */
function der(tag: number, ...parts: readonly (Buffer | readonly number[])[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)))
  const { length } = body
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), body])
}

const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts)
const ecdsaWithSha256 = sequence(der(0x06, [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]))
const utcTime = (year: number): Buffer => der(0x17, Buffer.from(`${year % 100}0101000000Z`))

/** A certificate for localhost that its own key signed, and that key, both as PEM (RFC 5280, 4.1). */
export function makeCertificate(): { readonly certificate: string; readonly privateKey: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const commonName = sequence(der(0x06, [0x55, 0x04, 0x03]), der(0x0c, Buffer.from('localhost')))
  const name = sequence(der(0x31, commonName))
  const content = sequence(
    der(0xa0, der(0x02, [2])),
    der(0x02, [1]),
    ecdsaWithSha256,
    name,
    sequence(utcTime(2020), utcTime(2049)),
    name,
    publicKey.export({ format: 'der', type: 'spki' }),
  )
  const signature = der(0x03, [0], sign('sha256', content, privateKey))
  const base64 = sequence(content, ecdsaWithSha256, signature).toString('base64')
  const lines = base64.match(/.{1,64}/g)!.join('\n')
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
  }
}
