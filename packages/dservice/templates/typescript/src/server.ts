import { createServer } from 'node:http'

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
  response.end(JSON.stringify({ characters: text.length, words: text.split(/\s+/).filter(Boolean).length }))
}).listen(port, '127.0.0.1')
