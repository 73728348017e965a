import { createRootRoute, createRoute, createRouter, type lazyRouteComponent } from '@tanstack/react-router'
import { ErrorNote } from './errors/error-note.js'
import { OverviewPage } from './pages/overview/overview-page.js'
import { Page } from './parts/page.js'
import { Skeleton } from './parts/states.js'
import { Shell } from './shell/shell.js'

const root = createRootRoute({
  component: Shell,
  notFoundComponent: () => (
    <Page
      title="There is no such page."
      lead="The address may be cut off or mistyped. Search finds blocks, transactions, addresses and pages: press /."
    />
  ),
})

const at = <Path extends string>(path: Path, component: ReturnType<typeof lazyRouteComponent>) =>
  createRoute({ getParentRoute: () => root, path, component })

const routes = [
  createRoute({ getParentRoute: () => root, path: '/', component: OverviewPage }),
  at('/explorer/address/$address', OverviewPage as never),
  at('/explorer/block/$block', OverviewPage as never),
  at('/explorer', OverviewPage as never),
  at('/wallet', OverviewPage as never),
  at('/tokens', OverviewPage as never),
  at('/operations', OverviewPage as never),
  at('/docs', OverviewPage as never),
  at('/docs/$', OverviewPage as never),
] as const

export const router = createRouter({
  routeTree: root.addChildren(routes),
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultPendingComponent: () => <Skeleton />,
  defaultErrorComponent: ({ error }) => <ErrorNote error={error} what="This page could not be shown" />,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
