import { readdir, readFile, readlink } from 'node:fs/promises'

/** What the system tells about processes, by proc(5). Where there is no /proc, nothing is known. */

/** Memory of a process in bytes; what it shares with others counts by its share, so that sums are right. */
export async function memoryOf(pid: number): Promise<number | undefined> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
  const kibibytes = /^Pss:\s+(\d+) kB$/m.exec(text)?.[1]
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1_024
}

/** Memory of a process with all below it, and of the containers that it asked podman for, which are not below it. */
export async function memoryOfTree(pid: number): Promise<number | undefined> {
  const own = await memoryOf(pid)
  if (own === undefined) return undefined
  const found = await descendantsOf(pid)
  const names = await Promise.all(found.map((id) => readFile(`/proc/${id}/comm`, 'utf8').catch(() => '')))
  if (names.some((name) => name.trim() === 'podman')) found.push(...(await containersOf(pid)))
  const all = await Promise.all(found.map(memoryOf))
  return all.reduce<number>((sum, bytes) => sum + (bytes ?? 0), own)
}

/** Ids of the children of a process, of their children, and so on. */
async function descendantsOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => [])
  const lists = threads.map((id) => readFile(`/proc/${pid}/task/${id}/children`, 'utf8').catch(() => ''))
  const children = (await Promise.all(lists)).join(' ').split(' ').filter(Boolean).map(Number)
  const below = await Promise.all(children.map(descendantsOf))
  return [...children, ...below.flat()]
}

/** Monitors of containers whose name begins with the id of the process that asked for them, and what they run. */
async function containersOf(pid: number): Promise<number[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = ids.map(async (id) => {
    const words = (await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')).split('\0')
    const isMonitor = words[0]?.endsWith('conmon') === true
    return isMonitor && words.some((word) => word.startsWith(`banyan-${pid}-`)) ? [Number(id)] : []
  })
  const monitors = (await Promise.all(found)).flat()
  return [...monitors, ...(await Promise.all(monitors.map(descendantsOf))).flat()]
}

/** When a process started, in the system's ticks since boot; empty where the system does not tell. */
export async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // The second field, in parentheses, may contain spaces.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}

/** Whether the process that had this id and start still lives. */
export async function isAlive(pid: number, start: string): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  return (await startOf(pid)) === start
}

/** Who listens on a TCP port, as "name (pid 123)", as far as this user may see it. */
export async function holderOf(port: number): Promise<string | undefined> {
  const inodes = new Set(
    await Promise.all([listeners('tcp', port), listeners('tcp6', port)]).then((all) => all.flat()),
  )
  if (inodes.size === 0) return undefined
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    for (const file of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const target = await readlink(`/proc/${pid}/fd/${file}`).catch(() => '')
      if (!inodes.has(target)) continue
      const name = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'a process')).trim()
      return `${name} (pid ${pid})`
    }
  }
  return undefined
}

/** Sockets that listen on this port, as /proc/<pid>/fd names them. */
async function listeners(table: 'tcp' | 'tcp6', port: number): Promise<readonly string[]> {
  const listening = '0A'
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const text = await readFile(`/proc/net/${table}`, 'utf8').catch(() => '')
  return text.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/)
    return local.endsWith(end) && state === listening ? [`socket:[${inode}]`] : []
  })
}
