import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

const built = new URL('../dist/', import.meta.url)
const files = new Map(
  readdirSync(new URL('assets/', built)).map((name) => [
    name,
    readFileSync(new URL(`assets/${name}`, built)),
  ]),
)
const page = readFileSync(new URL('index.html', built), 'utf8')

function zipped(name: string): number {
  return gzipSync(files.get(name)!, { level: 9 }).length
}

/** The file and all that it imports before it runs. */
function withImports(name: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(name)) return found
  found.add(name)
  const text = files.get(name)!.toString()
  for (const [, other] of text.matchAll(/(?:import|from)\s*"\.\/([^"]+\.js)"/g)) withImports(other!, found)
  return found
}

const sum = (names: Iterable<string>): number => [...names].reduce((total, name) => total + zipped(name), 0)
const entry = /src="\/assets\/([^"]+\.js)"/.exec(page)![1]!
const start = withImports(entry)
const kilobyte = 1_000

test('CON-UI-1: the start page loads at most 130 KB of scripts, 12 KB of style and 60 KB of fonts', () => {
  const styles = [...page.matchAll(/href="\/assets\/([^"]+\.css)"/g)].map((match) => match[1]!)
  const fonts = [...files.keys()].filter((name) => /-latin-wght-normal.*\.woff2$/.test(name))
  const sizes = { scripts: sum(start), styles: sum(styles), fonts: sum(fonts) }
  console.log(`start page, bytes after gzip: ${JSON.stringify(sizes)}`)
  expect(fonts).toHaveLength(2)
  expect(sizes.scripts).toBeLessThanOrEqual(130 * kilobyte)
  expect(sizes.styles).toBeLessThanOrEqual(12 * kilobyte)
  expect(sizes.fonts).toBeLessThanOrEqual(60 * kilobyte)
})

test('CON-UI-1: every other page loads at most 60 KB of scripts more', () => {
  const pages = [...files.keys()].filter((name) => /-page-[^.]*\.js$/.test(name))
  expect(pages.length).toBeGreaterThan(10)
  for (const name of pages) {
    const more = [...withImports(name)].filter((other) => !start.has(other))
    expect(sum(more), name).toBeLessThanOrEqual(60 * kilobyte)
  }
})
