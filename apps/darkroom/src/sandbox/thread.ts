import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { type Answer, type Ending, prepareInterpreter } from './interpreter.js'

export type ThreadData = { readonly answers: MessagePort; readonly signal: Int32Array }
export type ToThread = { readonly code: string; readonly call: string }
export type FromThread =
  | { readonly kind: 'operation'; readonly operation: string; readonly json: string }
  | { readonly kind: 'end'; readonly ending: Ending }

const { answers, signal } = workerData as ThreadData
const send = (message: FromThread) => parentPort!.postMessage(message)

/** Asks the main thread and sleeps until it has answered. */
function operate(operation: string, json: string): Answer {
  send({ kind: 'operation', operation, json })
  Atomics.wait(signal, 0, 0)
  Atomics.store(signal, 0, 0)
  return receiveMessageOnPort(answers)!.message as Answer
}

let interpreter = prepareInterpreter()

async function run({ code, call }: ToThread): Promise<void> {
  const ending = (await interpreter).run(code, call, operate)
  // The next script gets a memory that no other script has seen; it is made before anybody waits for it.
  interpreter = prepareInterpreter()
  send({ kind: 'end', ending })
}

parentPort!.on('message', (script: ToThread) => void run(script))
