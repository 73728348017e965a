import { Link } from '@tanstack/react-router'
import { Page } from '../parts/page.js'
import { Empty } from '../parts/states.js'

/** Stands where an account is needed and there is none yet. */
export function AccountNeeded({ title }: { readonly title: string }) {
  return (
    <Page title={title}>
      <Empty
        action={
          <Link to="/wallet" className="button is-primary">
            Go to the wallet
          </Link>
        }
      >
        There is no account on this device yet. It takes one touch to make one.
      </Empty>
    </Page>
  )
}
