import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ErrorName, errorName, errorRegistry, fail } from '@banyan/base'
import { Marked } from 'marked'

/** A page of the documentation as HTML without head and navigation. */
export type Page = { readonly title: string; readonly html: string }

export type Docs = {
  /** All pages by their path below /docs/, in the order of their titles. */
  readonly list: () => Promise<readonly { readonly path: string; readonly title: string }[]>
  /** Page at a path, such as `node`, `adr/0001-…` or `errors/2300`. Error: PageUnknown. */
  readonly read: (path: string) => Promise<Page>
}

/** Names of files: nothing that leads out of the folder. */
const pathForm = /^[a-z0-9-]+(\/[a-z0-9-]+)?$/i

/** The Markdown files of a folder. Raw HTML in them is shown as text, and links lead to pages of the web or of this folder. */
export function openDocs(folder: string): Docs {
  const titles = async (below: string): Promise<readonly { path: string; title: string }[]> => {
    const entries = await readdir(join(folder, below), { withFileTypes: true }).catch(() => [])
    const lists = entries.map(async (entry) => {
      const path = below === '' ? entry.name : `${below}/${entry.name}`
      if (entry.isDirectory()) return below === '' ? titles(path) : []
      if (!path.endsWith('.md')) return []
      return [{ path: path.slice(0, -3), title: titleOf(await readFile(join(folder, path), 'utf8')) }]
    })
    return (await Promise.all(lists)).flat()
  }
  return {
    list: async () => [...(await titles(''))].sort((a, b) => (a.title < b.title ? -1 : 1)),
    read: async (path) => {
      const error = /^errors\/(?:BYN-)?(\d{1,5})$/i.exec(path)
      if (error !== null) return errorPage(Number(error[1]), path)
      if (!pathForm.test(path)) fail('PageUnknown', { path })
      const text = await readFile(join(folder, `${path}.md`), 'utf8').catch(() =>
        fail('PageUnknown', { path }),
      )
      return { title: titleOf(text), html: renderMarkdown(text, path) }
    },
  }
}

function titleOf(text: string): string {
  return /^# (.+)$/m.exec(text)?.[1]?.replaceAll('`', '') ?? 'Untitled'
}

export function escapeHtml(text: string): string {
  const names: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  }
  return text.replace(/[&<>"']/g, (character) => names[character]!)
}

/** HTML of Markdown that stands at `path`. */
function renderMarkdown(text: string, path: string): string {
  const below = path.includes('/') ? path.slice(0, path.indexOf('/') + 1) : ''
  const marked = new Marked({
    async: false,
    renderer: {
      html: ({ text: raw }) => escapeHtml(raw),
      heading({ tokens, depth, text: plain }) {
        return `<h${depth} id="${anchorOf(plain)}">${this.parser.parseInline(tokens)}</h${depth}>\n`
      },
      link({ href, tokens }) {
        const words = this.parser.parseInline(tokens)
        const target = targetOf(href, below)
        return target === undefined ? words : `<a href="${escapeHtml(target)}">${words}</a>`
      },
      // There are no pictures in the documentation, and none are loaded from elsewhere.
      image: ({ text: words }) => escapeHtml(words),
      code: ({ text: code, lang }) =>
        `<pre tabindex="0"><code data-language="${escapeHtml(lang ?? '')}">${escapeHtml(code)}</code></pre>\n`,
    },
  })
  return marked.parse(text, { async: false })
}

/** As GitHub makes them. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
}

/** Where a link of a page leads; nothing if not to a page of the web or of the documentation. */
function targetOf(href: string, below: string): string | undefined {
  if (/^https?:\/\//.test(href) || href.startsWith('#')) return href
  const { pathname, hash } = new URL(href, `http://docs.invalid/docs/${below}`)
  const error = /^#byn-(\d+)$/.exec(hash)
  if (pathname === '/docs/errors.md' && error !== null) return `/docs/errors/${error[1]}`
  return pathname.startsWith('/docs/') && pathname.endsWith('.md')
    ? `${pathname.slice(0, -3)}${hash}`
    : undefined
}

function errorPage(code: number, path: string): Page {
  const name: ErrorName = errorName(code) ?? fail('PageUnknown', { path })
  const { message, cause, fix, retryable } = errorRegistry[name]
  const rows = [
    ['Why', cause],
    ['What to do', fix],
    ['Trying again', retryable ? 'may help without a change.' : 'without a change does not help.'],
  ]
  const html = [
    `<h1>${escapeHtml(message)}</h1>`,
    '<dl>',
    ...rows.map(([term, text]) => `<dt>${term}</dt><dd>${renderInline(text!)}</dd>`),
    '</dl>',
    `<p class="quiet">BYN-${code} · ${name} · words in braces stand for values of the case at hand · <a href="/docs/errors">all errors</a></p>`,
  ]
  return { title: `BYN-${code}`, html: html.join('\n') }
}

/** Text of the registry: of Markdown only `code`. */
function renderInline(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>')
}
