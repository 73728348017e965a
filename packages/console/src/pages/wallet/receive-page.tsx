import { Link } from '@tanstack/react-router'
import encodeQr from 'qr'
import { aliasOf } from '../../names/address-marks.js'
import { FullValue } from '../../parts/full-value.js'
import { Glyph } from '../../parts/glyph.js'
import { Page } from '../../parts/page.js'
import { AccountNeeded } from '../../wallet/account-needed.js'
import { useWallet } from '../../wallet/use-wallet.js'

const crumb = <Link to="/wallet">Wallet</Link>

/** Shows where money for this account goes. */
export function ReceivePage() {
  const { account } = useWallet()
  if (account === undefined) return <AccountNeeded title="Receive" />
  const { address } = account
  return (
    <Page
      title="Receive"
      crumb={crumb}
      lead="Show this to whoever wants to pay you. The same address serves for every token of this network."
    >
      <div className="receive">
        <QrCode text={address} />
        <div className="section">
          <p className="titled-glyph">
            <Glyph address={address} large />
            <strong>{aliasOf(address)}</strong>
          </p>
          <p className="lead">
            These three words and the picture are made from the address. Let the payer compare them.
          </p>
          <p>
            <FullValue value={address} what="address" />
          </p>
        </div>
      </div>
    </Page>
  )
}

/** Modules around the code that stay light, as its standard asks. */
const border = 4

function QrCode({ text }: { readonly text: string }) {
  const rows = encodeQr(text, 'raw', { border })
  const size = rows.length
  const path = rows.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label="QR code of the address">
      <path d={path} />
    </svg>
  )
}
