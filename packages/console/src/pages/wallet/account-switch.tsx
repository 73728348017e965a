import { Check, Plus } from 'lucide-react'
import { useState } from 'react'
import { aliasOf } from '../../names/address-marks.js'
import { Glyph } from '../../parts/glyph.js'
import { chooseAccount, forgetAccount } from '../../wallet/device-accounts.js'
import { useWallet } from '../../wallet/use-wallet.js'
import { StartPanel } from './start-panel.js'

/** The accounts of this device, and ways to have another one. */
export function AccountSwitch() {
  const { accounts, account } = useWallet()
  const [isAdding, setAdding] = useState(false)
  return (
    <>
      <ul className="people">
        {accounts.map(({ address, name }) => {
          const isCurrent = address === account?.address
          return (
            <li key={address}>
              <button
                type="button"
                className="person"
                aria-pressed={isCurrent}
                onClick={() => chooseAccount(address)}
              >
                <Glyph address={address} />
                <span>
                  {name}
                  <small>{aliasOf(address)}</small>
                </span>
                {isCurrent && <Check size={16} aria-hidden="true" />}
              </button>
            </li>
          )
        })}
        <li>
          <button
            type="button"
            className="person"
            aria-expanded={isAdding}
            onClick={() => setAdding(!isAdding)}
          >
            <Plus size={20} aria-hidden="true" />
            <span>Another account</span>
          </button>
        </li>
      </ul>
      {account !== undefined && (
        <p className="is-quiet">
          <button type="button" className="plain" onClick={() => forgetAccount(account.address)}>
            Leave {account.name} out of this list
          </button>
          {account.kind === 'passkey' && ' (its passkey stays on your device)'}
        </p>
      )}
      {isAdding && <StartPanel />}
    </>
  )
}
