import type { Page } from './docs.js'
import { escapeHtml } from './docs.js'

/** Pages that need no script: the documentation, and what stands for the console where it was not built. */

export const styleSheet = `:root { color-scheme: light dark; --paper: light-dark(#f6f4ee, #141816); --card: light-dark(#fdfcf8, #1b201d);
  --rule: light-dark(#d8d2c4, #313834); --ink: light-dark(#1f2421, #e9e6dc); --quiet: light-dark(#4c544f, #b5b8ae); --link: light-dark(#1f5f52, #7cc7b2) }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif }
header, main { max-width: 72ch; margin: 0 auto; padding: 1rem 1.25rem }
header { display: flex; gap: 1.25rem; align-items: baseline; border-bottom: 2px solid var(--ink) }
header a:first-child { font-weight: 650; color: var(--ink); text-decoration: none }
a { color: var(--link) } h1, h2, h3 { line-height: 1.25; text-wrap: balance } h1 { font-size: 1.6rem } h2 { font-size: 1.25rem; margin-top: 2rem } h3 { font-size: 1.05rem }
code, pre { font: 0.92em/1.5 ui-monospace, monospace } pre { overflow-x: auto; padding: 0.75rem 1rem; background: var(--card); border: 1px solid var(--rule) }
table { border-collapse: collapse; display: block; overflow-x: auto } th, td { border-top: 1px solid var(--rule); padding: 0.35rem 0.75rem 0.35rem 0; text-align: left; vertical-align: top }
dt { font-weight: 600; margin-top: 0.75rem } dd { margin: 0 } .quiet { color: var(--quiet) } li { overflow-wrap: anywhere }
`

/** A whole document around a page. */
export function documentOf({ title, html }: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · Banyan</title>
<link rel="stylesheet" href="/docs/style.css">
</head>
<body>
<header><a href="/">Banyan</a><a href="/docs/">Documentation</a></header>
<main>
${html}
</main>
</body>
</html>
`
}

export function contentsPage(pages: readonly { readonly path: string; readonly title: string }[]): Page {
  const items = pages.map(
    ({ path, title }) => `<li><a href="/docs/${escapeHtml(path)}">${escapeHtml(title)}</a></li>`,
  )
  return { title: 'Documentation', html: `<h1>Documentation</h1>\n<ul>\n${items.join('\n')}\n</ul>` }
}

/** What there is where the console was not built. */
export function homePage(chainId: number): Page {
  const rows = [
    ['/rpc', 'Ethereum JSON-RPC; WebSocket at /ws'],
    ['/v1/status', 'native API, described at /v1/openapi.json'],
    ['/local/status', 'parts of this network'],
    ['/docs/', 'documentation'],
  ]
  const items = rows.map(([path, text]) => `<li><a href="${path}"><code>${path}</code></a> ${text}</li>`)
  return {
    title: 'Local network',
    html: `<h1>A network runs on this machine.</h1>
<p>Chain ${chainId}. The console was not built; everything else is here:</p>
<ul>
${items.join('\n')}
</ul>`,
  }
}
