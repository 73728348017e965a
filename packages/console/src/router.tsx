import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type SearchSchemaInput,
} from '@tanstack/react-router'
import { ErrorNote } from './errors/error-note.js'
import { OverviewPage } from './pages/overview/overview-page.js'
import { Skeleton } from './parts/states.js'
import { Shell } from './shell/shell.js'

const root = createRootRoute({
  component: Shell,
  notFoundComponent: lazyRouteComponent(() => import('./pages/nothing-here.js'), 'NothingHere'),
})
const under = { getParentRoute: () => root }

/** Cursor of a page of a list. */
type PageSearch = { readonly page?: string }
const pageSearch = ({ page }: { readonly page?: unknown } & SearchSchemaInput): PageSearch =>
  typeof page === 'string' || typeof page === 'number' ? { page: String(page) } : {}

/** A month such as 2026-11. */
type MonthSearch = { readonly month?: string }
const monthSearch = ({ month }: { readonly month?: unknown } & SearchSchemaInput): MonthSearch =>
  typeof month === 'string' && /^\d{4}-(0[1-9]|1[0-2])$/.test(month) ? { month } : {}

/** Payee and asset that a link has filled in. */
type SendSearch = { readonly to?: string; readonly asset?: number }
function sendSearch({
  to,
  asset,
}: { readonly to?: unknown; readonly asset?: unknown } & SearchSchemaInput): SendSearch {
  return {
    ...(typeof to === 'string' && { to }),
    ...(typeof asset === 'number' && Number.isSafeInteger(asset) && asset >= 0 && { asset }),
  }
}

const routes = [
  createRoute({ ...under, path: '/', component: OverviewPage }),
  createRoute({
    ...under,
    path: '/wallet',
    component: lazyRouteComponent(() => import('./pages/wallet/wallet-page.js'), 'WalletPage'),
  }),
  createRoute({
    ...under,
    path: '/wallet/send',
    validateSearch: sendSearch,
    component: lazyRouteComponent(() => import('./pages/wallet/send-page.js'), 'SendPage'),
  }),
  createRoute({
    ...under,
    path: '/wallet/receive',
    component: lazyRouteComponent(() => import('./pages/wallet/receive-page.js'), 'ReceivePage'),
  }),
  createRoute({
    ...under,
    path: '/tokens',
    component: lazyRouteComponent(() => import('./pages/tokens/own-tokens-page.js'), 'OwnTokensPage'),
  }),
  createRoute({
    ...under,
    path: '/tokens/create',
    component: lazyRouteComponent(() => import('./pages/tokens/create-page.js'), 'CreateTokenPage'),
  }),
  createRoute({
    ...under,
    path: '/tokens/issue/$asset',
    component: lazyRouteComponent(() => import('./pages/tokens/issue-page.js'), 'IssuePage'),
  }),
  createRoute({
    ...under,
    path: '/explorer',
    component: lazyRouteComponent(() => import('./pages/explorer/explorer-page.js'), 'ExplorerPage'),
  }),
  createRoute({
    ...under,
    path: '/explorer/blocks',
    validateSearch: pageSearch,
    component: lazyRouteComponent(() => import('./pages/explorer/blocks-page.js'), 'BlocksPage'),
  }),
  createRoute({
    ...under,
    path: '/explorer/transactions',
    validateSearch: pageSearch,
    component: lazyRouteComponent(() => import('./pages/explorer/transactions-page.js'), 'TransactionsPage'),
  }),
  createRoute({
    ...under,
    path: '/explorer/tokens',
    component: lazyRouteComponent(() => import('./pages/explorer/tokens-page.js'), 'AllTokensPage'),
  }),
  createRoute({
    ...under,
    path: '/explorer/validators',
    component: lazyRouteComponent(() => import('./pages/explorer/validators-page.js'), 'ValidatorsPage'),
  }),
  createRoute({
    ...under,
    path: '/explorer/block/$block',
    validateSearch: pageSearch,
    component: lazyRouteComponent(() => import('./pages/explorer/block-page.js'), 'BlockPage'),
  }),
  createRoute({
    ...under,
    path: '/explorer/tx/$id',
    component: lazyRouteComponent(() => import('./pages/explorer/transaction-page.js'), 'TransactionPage'),
  }),
  createRoute({
    ...under,
    path: '/explorer/address/$address',
    validateSearch: pageSearch,
    component: lazyRouteComponent(() => import('./pages/explorer/address-page.js'), 'AddressPage'),
  }),
  createRoute({
    ...under,
    path: '/explorer/token/$asset',
    component: lazyRouteComponent(() => import('./pages/explorer/token-page.js'), 'TokenPage'),
  }),
  createRoute({
    ...under,
    path: '/compute',
    component: lazyRouteComponent(() => import('./pages/compute/compute-page.js'), 'ComputePage'),
  }),
  createRoute({
    ...under,
    path: '/darkroom',
    component: lazyRouteComponent(() => import('./pages/darkroom/darkroom-page.js'), 'DarkroomPage'),
  }),
  createRoute({
    ...under,
    path: '/requests',
    validateSearch: pageSearch,
    component: lazyRouteComponent(() => import('./pages/compute/requests-page.js'), 'RequestsPage'),
  }),
  createRoute({
    ...under,
    path: '/requests/$id',
    component: lazyRouteComponent(() => import('./pages/compute/request-page.js'), 'RequestPage'),
  }),
  createRoute({
    ...under,
    path: '/lend',
    component: lazyRouteComponent(() => import('./pages/lend/lend-page.js'), 'LendPage'),
  }),
  createRoute({
    ...under,
    path: '/operations',
    component: lazyRouteComponent(() => import('./pages/operations/operations-page.js'), 'OperationsPage'),
  }),
  createRoute({
    ...under,
    path: '/operations/computing',
    component: lazyRouteComponent(() => import('./pages/operations/computing-page.js'), 'ComputingPage'),
  }),
  createRoute({
    ...under,
    path: '/billing',
    component: lazyRouteComponent(() => import('./pages/billing/billing-page.js'), 'BillingPage'),
  }),
  createRoute({
    ...under,
    path: '/billing/invoices/$period',
    component: lazyRouteComponent(() => import('./pages/billing/invoice-page.js'), 'InvoicePage'),
  }),
  createRoute({
    ...under,
    path: '/billing/charges/$id',
    component: lazyRouteComponent(() => import('./pages/billing/charge-page.js'), 'ChargePage'),
  }),
  createRoute({
    ...under,
    path: '/billing/sponsored',
    validateSearch: monthSearch,
    component: lazyRouteComponent(() => import('./pages/billing/sponsored-page.js'), 'SponsoredPage'),
  }),
  createRoute({
    ...under,
    path: '/docs',
    component: lazyRouteComponent(() => import('./pages/docs/contents-page.js'), 'ContentsPage'),
  }),
  createRoute({
    ...under,
    path: '/docs/$',
    component: lazyRouteComponent(() => import('./pages/docs/docs-page.js'), 'DocsPage'),
  }),
] as const

export const router = createRouter({
  routeTree: root.addChildren(routes),
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultPendingComponent: () => <Skeleton />,
  defaultErrorComponent: ({ error }) => <ErrorNote error={error} what="This page could not be shown." />,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
