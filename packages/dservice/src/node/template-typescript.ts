import type { Template } from './create.js'

const server = `import { createServer } from 'node:http'

// A DService is an HTTP server on the port that the network gives it. It keeps nothing between requests.
const port = Number(process.env['PORT'])

createServer(async (request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost')
  if (pathname === '/health') {
    response.end('ok')
    return
  }
  let text = ''
  for await (const part of request.setEncoding('utf8')) text += part
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ characters: text.length, words: text.split(/\\s+/).filter(Boolean).length }))
}).listen(port, '127.0.0.1')
`

const typescriptSettings = {
  compilerOptions: {
    target: 'ES2023',
    module: 'NodeNext',
    strict: true,
    rootDir: 'src',
    outDir: 'dist',
    types: ['node'],
  },
  include: ['src'],
}

/** A server in TypeScript that counts words. */
export const typescriptTemplate: Template = (name) => ({
  manifest: {
    format: 1,
    name,
    version: '0.1.0',
    description: 'Counts the words of a text.',
    build: ['npm', 'run', '--silent', 'build'],
    files: ['dist', 'package.json'],
    command: ['node', 'dist/server.js'],
    concurrency: 8,
    memoryMiB: 128,
  },
  files: {
    'src/server.ts': server,
    'tsconfig.json': `${JSON.stringify(typescriptSettings, undefined, 2)}\n`,
    'package.json': `${JSON.stringify(
      {
        name,
        private: true,
        type: 'module',
        scripts: { build: 'tsc' },
        devDependencies: { '@types/node': '20.19.43', typescript: '7.0.2' },
      },
      undefined,
      2,
    )}\n`,
    '.gitignore': 'node_modules\ndist\n*.tar.gz\n*.release.json\n',
  },
  next: ['npm install', 'banyan dservice dev', 'curl --data "one two three" http://127.0.0.1:4480/'],
})
