import { useEffect, useState } from 'react'
import { useAssetNames } from '../data/asset-names.js'
import { CodeBlock } from '../parts/code-block.js'
import { offerCommand } from '../shell/command.js'
import type { DeviceAccount } from '../wallet/device-accounts.js'
import type { Act } from './act.js'
import { type ActCode, codeOf } from './code-of.js'
import { useIsSponsored } from './use-is-sponsored.js'

type ShowCodeProps = {
  readonly account: DeviceAccount
  readonly act: Act
  /** Where the reader has chosen; else the sponsor pays if it can. */
  readonly isSponsored?: boolean
}

/** How the same is done by a command and by a program. Test people are accounts of the command line too; other keys stay here. */
export function ShowCode({ account, act, isSponsored }: ShowCodeProps) {
  const canBe = useIsSponsored(account)
  const [isOpen, setOpen] = useState(false)
  const code = useActCode(account, act, isSponsored ?? canBe)
  useEffect(() => offerCommand(code?.command), [code?.command])
  if (code === undefined) return null
  return (
    <details className="raw-box" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Show code</summary>
      {isOpen && (
        <div className="section">
          {code.command === undefined ? (
            <p className="is-quiet">The command line cannot do this yet.</p>
          ) : (
            <CodeBlock label="By the command line" code={code.command} />
          )}
          <CodeBlock label="By the SDK" code={code.program} />
          {account.kind !== 'person' && (
            <p className="is-quiet">
              The key of this account stays where it is: “me” and <code>account</code> stand for a key that a
              program may use.
            </p>
          )}
        </div>
      )}
    </details>
  )
}

function useActCode(account: DeviceAccount, act: Act, isSponsored: boolean): ActCode | undefined {
  const assets = useAssetNames()
  const known = 'asset' in act ? assets.get(act.asset) : undefined
  if ('asset' in act && known === undefined) return undefined
  return codeOf(act, {
    url: location.origin,
    account: account.kind === 'person' ? account.name : 'me',
    symbol: known?.symbol ?? '',
    decimals: known?.decimals ?? 0,
    isSponsored,
  })
}
