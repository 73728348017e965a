#!/usr/bin/env node
// npm makes this file executable before anything is built.
import { pathToFileURL } from 'node:url'
import { freshBundle } from '@banyan/node/bundle'

const packageFolder = new URL('../', import.meta.url)
const bundle = freshBundle(packageFolder, 'banyan.js')
await import(bundle === undefined ? new URL('dist/main.js', packageFolder).href : pathToFileURL(bundle).href)
