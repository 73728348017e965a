#!/usr/bin/env node
import { startDarkroom } from './index.js'

const { PORT = '8700', DARKROOM_ALLOW = '', DARKROOM_WORKERS } = process.env

const darkroom = await startDarkroom({
  port: Number(PORT),
  allow: DARKROOM_ALLOW.split(',').filter((entry) => entry !== ''),
  ...(DARKROOM_WORKERS === undefined ? {} : { workers: Number(DARKROOM_WORKERS) }),
})
console.log(`Darkroom listens on ${darkroom.url}`)

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void darkroom.close().then(() => process.exit(0)))
