/** The example of EIP-155: the hash that is signed, the signature of the secret, and its address. */
export const eip155 = {
  hash: 'daf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53',
  secret: '4646464646464646464646464646464646464646464646464646464646464646',
  signature:
    '28ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa63627667cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83',
  recovery: 0,
  address: '0x9d8A62f656a8d1615C1294fd71e9CFb3E4855A4F',
} as const
