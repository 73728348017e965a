import type { DocsEntry } from './docs-data.js'

export type DocsGroup = {
  readonly title: string
  readonly text: string
  readonly pages: readonly DocsEntry[]
}

/** Groups of pages by what a reader wants of them; what is in none of them is explanation. */
const groups = [
  {
    title: 'Tutorials',
    text: 'Ten minutes each, from nothing to something that works.',
    paths: [
      'tutorials/first-transfer',
      'tutorials/first-token',
      'tutorials/first-page',
      'tutorials/validators',
      'tutorials/prove-a-balance',
    ],
  },
  {
    title: 'Use',
    text: 'What is there, and how to work with it.',
    paths: ['local', 'console', 'cli', 'sdk', 'light-client'],
  },
  {
    title: 'Look up',
    text: 'Names, forms, numbers.',
    paths: ['rpc', 'contracts', 'errors', 'formats', 'requirements', 'dependencies'],
  },
] as const

const decisions = 'adr/'

/** The pages of the documentation in groups. */
export function groupDocs(pages: readonly DocsEntry[]): readonly DocsGroup[] {
  const grouped: DocsGroup[] = groups.map(({ title, text, paths }) => ({
    title,
    text,
    pages: paths.flatMap((path) => pages.filter((page) => page.path === path)),
  }))
  const placed = new Set(grouped.flatMap((group) => group.pages.map(({ path }) => path)))
  const rest = pages.filter(({ path }) => !placed.has(path))
  const isDecision = ({ path }: DocsEntry) => path.startsWith(decisions)
  grouped.push(
    {
      title: 'Understand',
      text: 'How it works, and why so.',
      pages: rest.filter((page) => !isDecision(page)),
    },
    {
      title: 'Decisions',
      text: 'What was chosen, and what was not.',
      pages: rest.filter(isDecision).toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    },
  )
  return grouped.filter((group) => group.pages.length > 0)
}
