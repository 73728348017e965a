import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { BanyanError, banyanError, fail } from '@banyan/base'
import {
  type FromWorker,
  type JobOrder,
  type JobResult,
  PlacedError,
  type ToWorker,
  toWire,
} from './messages.js'

export type PoolSettings = {
  /** Processes at most. One is started at once, each other when a job would have to wait. */
  readonly size: number
  /** Jobs that may wait for one; more are refused. */
  readonly queue: number
  readonly deadlineMs: number
  /** Jobs after which a process is replaced, so that nothing grows for ever. */
  readonly jobsPerProcess: number
  /** For the files of workers. */
  readonly folder: string
}

/** Gives the path of an input that a script asks for. */
export type FetchInput = (name: string) => Promise<string>

type Task = {
  readonly order: JobOrder
  readonly fetch: FetchInput
  readonly resolve: (result: JobResult) => void
  readonly reject: (error: unknown) => void
}

type Worker = {
  readonly process: ChildProcess
  isReady: boolean
  jobs: number
  task: Task | undefined
  deadline: NodeJS.Timeout | undefined
}

export type Pool = {
  /** Runs a job in one of the processes. Errors: DarkroomBusy, ScriptDeadlinePassed, WorkerLost, and those of the script. */
  readonly run: (order: JobOrder, fetch: FetchInput) => Promise<JobResult>
  readonly counts: () => { readonly workers: number; readonly busy: number; readonly waiting: number }
  readonly close: () => Promise<void>
}

const program = fileURLToPath(new URL('process.js', import.meta.url))

/** Memory of JavaScript in one worker; pixels lie outside of it. */
const heapMiB = 512

const restartDelayMs = 1_000

/** Starts processes that wait for scripts. */
export function startPool({ size, queue, deadlineMs, jobsPerProcess, folder }: PoolSettings): Pool {
  const workers = new Set<Worker>()
  const waiting: Task[] = []
  let isClosed = false

  const finish = (worker: Worker): Task | undefined => {
    const { task } = worker
    clearTimeout(worker.deadline)
    worker.task = undefined
    worker.isReady = false
    return task
  }

  const serve = async ({ process }: Worker, { fetch }: Task, name: string) => {
    const answer = await fetch(name).then(
      (path): ToWorker => ({ kind: 'input', path }),
      (error: unknown): ToWorker => ({
        kind: 'refused',
        error: toWire(error instanceof BanyanError ? error : banyanError('DarkroomFailed', {}, error)),
      }),
    )
    if (process.connected) process.send(answer)
  }

  const give = () => {
    for (const worker of workers) {
      if (!worker.isReady || worker.task !== undefined) continue
      const task = waiting.shift()
      if (task === undefined) return
      worker.task = task
      worker.jobs++
      worker.deadline = setTimeout(() => {
        finish(worker)?.reject(banyanError('ScriptDeadlinePassed', { seconds: deadlineMs / 1000 }))
        worker.process.kill('SIGKILL')
      }, deadlineMs)
      worker.process.send({ kind: 'job', order: task.order } satisfies ToWorker)
    }
  }

  const receive = (worker: Worker, message: FromWorker) => {
    switch (message.kind) {
      case 'fetch':
        if (worker.task !== undefined) void serve(worker, worker.task, message.name)
        break
      case 'done':
        finish(worker)?.resolve(message.result)
        break
      case 'failed':
        finish(worker)?.reject(new PlacedError(message.error))
        break
      case 'ready':
        if (worker.jobs >= jobsPerProcess) worker.process.disconnect()
        else worker.isReady = true
        give()
    }
  }

  const start = () => {
    const child = fork(program, [], {
      // Nothing of the environment of the service reaches scripts or decoders.
      env: { DARKROOM_FOLDER: folder },
      execArgv: [`--max-old-space-size=${heapMiB}`],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    const worker: Worker = { process: child, isReady: false, jobs: 0, task: undefined, deadline: undefined }
    workers.add(worker)
    child.on('message', (message) => receive(worker, message as FromWorker))
    child.on('exit', (code, signal) => {
      workers.delete(worker)
      const reason = signal === null ? `exit code ${code}` : `signal ${signal}`
      finish(worker)?.reject(banyanError('WorkerLost', { reason }))
      // One that cannot even begin is not tried in a tight loop.
      setTimeout(startMissing, worker.jobs === 0 ? restartDelayMs : 0)
    })
  }

  const startMissing = () => {
    const coming = [...workers].filter(({ isReady, task }) => !isReady && task === undefined).length
    const wanted = waiting.length - coming
    for (let i = 0; (i < wanted || workers.size === 0) && workers.size < size && !isClosed; i++) start()
  }

  startMissing()
  return {
    run: (order, fetch) =>
      new Promise((resolve, reject) => {
        if (waiting.length >= queue) fail('DarkroomBusy', { waiting: waiting.length })
        waiting.push({ order, fetch, resolve, reject })
        give()
        startMissing()
      }),
    counts: () => ({
      workers: workers.size,
      busy: [...workers].filter(({ task }) => task !== undefined).length,
      waiting: waiting.length,
    }),
    close: async () => {
      isClosed = true
      const ends = [...workers].map(({ process }) => new Promise((resolve) => process.once('exit', resolve)))
      for (const { process } of workers) process.kill('SIGKILL')
      await Promise.all(ends)
    },
  }
}
