// The library of certificates needs this to be loaded before it.
import 'reflect-metadata'
import { webcrypto as crypto } from 'node:crypto'
import { isIP, isIPv6, SocketAddress } from 'node:net'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

/** A private key and its certificate, in PEM. */
export type KeyPair = { readonly privateKey: string; readonly certificate: string }

const curve = { name: 'ECDSA', namedCurve: 'P-256' } as const
const signing = { name: 'ECDSA', hash: 'SHA-256' } as const
const day = 24 * 3_600_000
const authorityDays = 10 * 365
export const leafDays = 90
/** Clocks of clients may be behind. */
const backdatedMs = 3_600_000

/** A new authority that signs certificates of gateways and nothing below them. `now`: milliseconds since 1970. */
export async function createAuthority(name: string, now: number): Promise<KeyPair> {
  const keys = await crypto.subtle.generateKey(curve, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: `CN=${name}`,
    keys,
    signingAlgorithm: signing,
    ...validity(now, authorityDays),
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { privateKey: await pemOf(keys.privateKey), certificate: certificate.toString('pem') }
}

/** A new key with a certificate of the authority for some host names and addresses. */
export async function issueLeaf(authority: KeyPair, names: readonly string[], now: number): Promise<KeyPair> {
  const issuer = new X509Certificate(authority.certificate)
  const keys = await crypto.subtle.generateKey(curve, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: `CN=${names[0]}`,
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey: await importKey(authority.privateKey),
    signingAlgorithm: signing,
    ...validity(now, leafDays),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
      new SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
      ),
    ],
  })
  return { privateKey: await pemOf(keys.privateKey), certificate: certificate.toString('pem') }
}

/** Whether two thirds of a certificate's time are over, or it lacks one of the names. */
export function needsRenewal(certificate: string, names: readonly string[], now: number): boolean {
  const { notBefore, notAfter, extensions } = new X509Certificate(certificate)
  const renewAt = notBefore.getTime() + ((notAfter.getTime() - notBefore.getTime()) * 2) / 3
  const known = extensions.find((each) => each instanceof SubjectAlternativeNameExtension)
  const has = new Set(known?.names.items.map(({ value }) => canonicalName(value)))
  return now >= renewAt || names.some((name) => !has.has(canonicalName(name)))
}

/** Addresses of IPv6 have many forms. */
function canonicalName(name: string): string {
  return isIPv6(name) ? new SocketAddress({ address: name, family: 'ipv6' }).address : name
}

/** SHA-256 of a certificate in hex, by which people compare it. */
export async function fingerprintOf(certificate: string): Promise<string> {
  return Buffer.from(await new X509Certificate(certificate).getThumbprint('SHA-256')).toString('hex')
}

function validity(now: number, days: number): { readonly notBefore: Date; readonly notAfter: Date } {
  return { notBefore: new Date(now - backdatedMs), notAfter: new Date(now + days * day) }
}

/** 16 random bytes whose number is positive. */
function newSerial(): string {
  const bytes = crypto.getRandomValues(Buffer.alloc(16))
  bytes[0] = (bytes[0]! & 0x7f) | 0x40
  return bytes.toString('hex')
}

async function pemOf(key: crypto.CryptoKey): Promise<string> {
  return PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')
}

function importKey(pem: string): Promise<crypto.CryptoKey> {
  return crypto.subtle.importKey('pkcs8', PemConverter.decode(pem)[0]!, curve, false, ['sign'])
}
