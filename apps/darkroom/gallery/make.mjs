// Makes the results of gallery.json anew: `node gallery/make.mjs`.
import { readFileSync, writeFileSync } from 'node:fs'
import { startDarkroom } from '@banyan/darkroom'

const entries = JSON.parse(readFileSync(new URL('gallery.json', import.meta.url), 'utf8'))
const darkroom = await startDarkroom({ workers: 1 })
for (const { query, result } of entries) {
  const response = await fetch(`${darkroom.url}/io?${query}`)
  if (!response.ok) {
    console.error(`${result}: ${await response.text()}`)
    process.exitCode = 1
    continue
  }
  writeFileSync(new URL(result, import.meta.url), Buffer.from(await response.arrayBuffer()))
  console.log(
    `${result.padEnd(20)} ${response.headers.get('content-type')} ${response.headers.get('content-length')}`,
  )
}
await darkroom.close()
