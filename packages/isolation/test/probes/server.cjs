// A workload that tries what it should not be able to do, and tells what came of it.
const { execFileSync, spawn } = require('node:child_process')
const fs = require('node:fs')
const http = require('node:http')
const net = require('node:net')

const attempt = (act) => {
  try {
    return { worked: true, value: act() }
  } catch (error) {
    return { worked: false, value: `${error.code ?? ''} ${error.stderr ?? error.message}`.trim() }
  }
}
const shell = (command) =>
  attempt(() =>
    execFileSync('/bin/sh', ['-c', command], {
      encoding: 'utf8',
      timeout: 5_000,
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim(),
  )
const connect = (options) =>
  new Promise((resolve) => {
    const socket = net.connect({ ...options, timeout: 2_000 })
    socket.once('connect', () => resolve({ worked: true }))
    socket.once('timeout', () => resolve({ worked: false, value: 'timeout' }))
    socket.once('error', (error) => resolve({ worked: false, value: error.code }))
    socket.unref()
  })

const acts = {
  identity: () => ({
    uid: process.getuid(),
    groups: process.getgroups(),
    status: fs.readFileSync('/proc/self/status', 'utf8'),
  }),
  read: ({ path }) => attempt(() => fs.readFileSync(path, 'latin1').slice(0, 200)),
  list: ({ path }) => attempt(() => fs.readdirSync(path)),
  write: ({ path }) => attempt(() => fs.writeFileSync(path, 'x')),
  shell: ({ command }) => shell(command),
  // Raw system calls by number, as perl makes them: 0 or more worked, else the number of the error.
  syscall: ({ call }) =>
    shell(`perl -e '$r = syscall(${call}); print $r < 0 ? "errno ".($! + 0) : "worked"'`),
  connect: (options) => connect(options),
  tunnel: ({ target }) =>
    new Promise((resolve) => {
      const asked = http.request({
        host: '127.0.0.1',
        port: 3128,
        method: 'CONNECT',
        path: target,
        agent: false,
      })
      asked.once('connect', (answer, socket) => {
        socket.destroy()
        resolve({ worked: answer.statusCode === 200, value: answer.statusCode })
      })
      asked.once('error', (error) => resolve({ worked: false, value: error.code }))
      asked.end()
    }),
  lookup: ({ name }) =>
    new Promise((resolve) =>
      require('node:dns').lookup(name, (error) => resolve({ worked: !error, value: error?.code })),
    ),
  interfaces: () => Object.keys(require('node:os').networkInterfaces()),
  environment: () => process.env,
  forks: () =>
    new Promise((resolve) => {
      const children = []
      const more = () => {
        if (children.length >= 2_000) return done('none')
        const child = spawn('/bin/sleep', ['20'], { stdio: 'ignore' })
        child.once('error', (error) => done(error.code))
        child.once('spawn', () => {
          children.push(child)
          more()
        })
      }
      let isDone = false
      const done = (why) => {
        if (isDone) return
        isDone = true
        for (const child of children) child.kill('SIGKILL')
        resolve({ count: children.length, why })
      }
      more()
    }),
  memory: ({ bytes }) => {
    const blocks = []
    for (let held = 0; held < bytes; held += 1_048_576) blocks.push(Buffer.alloc(1_048_576, held))
    return blocks.length
  },
  fill: ({ path, bytes }) =>
    attempt(() => {
      const file = fs.openSync(path, 'w')
      for (let written = 0; written < bytes; written += 65_536) fs.writeSync(file, Buffer.alloc(65_536, 1))
      fs.closeSync(file)
    }),
  burn: ({ milliseconds }) => {
    const end = Date.now() + milliseconds
    const begun = process.cpuUsage()
    while (Date.now() < end);
    const { user, system } = process.cpuUsage(begun)
    return { cpuMs: (user + system) / 1_000 }
  },
  say: ({ line }) => console.log(line),
}

http
  .createServer(async (request, response) => {
    if (request.url === '/health') return response.end('ok')
    let text = ''
    for await (const part of request) text += part
    const { act, ...given } = JSON.parse(text)
    response.end(JSON.stringify((await acts[act](given)) ?? null))
  })
  .listen(Number(process.env.PORT), '127.0.0.1')
