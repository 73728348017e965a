import { banyanError, fail } from '@banyan/base'
import { maxPackageLength } from '@banyan/ledger'
import { type Deadline, startDeadline } from '../deadline.js'
import { rpcCodes, rpcErrorOf } from './errors.js'
import type { RpcContext, RpcMethods } from './method.js'
import { data, parseData } from './quantities.js'
import { idOf, type RpcCall, readCall } from './request.js'

export const sendMethod = 'eth_sendRawTransaction'

/** Answers JSON-RPC text with JSON-RPC text; `undefined` where nobody waits for one. Never rejects. */
export type RpcDispatch = (text: string) => Promise<string | undefined>

/** Methods that only this connection has, such as subscriptions, come before those of all. */
export function createDispatch(context: RpcContext, methods: RpcMethods): RpcDispatch {
  return async (text) => {
    let request: unknown
    try {
      request = JSON.parse(text)
    } catch {
      const error = banyanError('RequestMalformed', { reason: 'it is not JSON' })
      return failure(null, error, rpcCodes.parse)
    }
    const deadline = startDeadline(context.limits.answerMs)
    try {
      if (!Array.isArray(request)) return (await answerAll(context, methods, [request], deadline))[0]
      if (request.length === 0) fail('RequestMalformed', { reason: 'a batch has at least one call' })
      const limit = context.limits.batch
      if (request.length > limit)
        fail('RequestLimitExceeded', { what: 'the number of calls in a batch', limit })
      const answers = await answerAll(context, methods, request, deadline)
      return answers.length === 0 ? undefined : `[${answers.join(',')}]`
    } catch (error) {
      return failure(null, error)
    } finally {
      deadline.end()
    }
  }
}

/** Answers calls in their order. Transactions that follow each other are handed to the node together. */
async function answerAll(
  context: RpcContext,
  methods: RpcMethods,
  calls: readonly unknown[],
  deadline: Deadline,
): Promise<string[]> {
  const answers: string[] = []
  let length = 0
  const add = (call: RpcCall, answer: string): void => {
    length += answer.length
    if (!call.isNotification) answers.push(answer)
  }
  for (let i = 0; i < calls.length; ) {
    const run = readRun(calls, i)
    if (run.length > 0) {
      const sent = await deadline
        .within(send(context, run))
        .catch((error: unknown) => run.map(({ id }) => failure(id, error)))
      for (const [k, call] of run.entries()) add(call, sent[k]!)
      i += run.length
      continue
    }
    const value = calls[i]
    i++
    try {
      const call = readCall(value)
      const isFull = length > context.limits.answerLength
      add(call, isFull ? tooLong(context, call) : await answerOne(context, methods, call, deadline))
    } catch (error) {
      answers.push(failure(idOf(value), error))
    }
  }
  return answers
}

/** The calls from `start` on that send a transaction. */
function readRun(calls: readonly unknown[], start: number): RpcCall[] {
  const run: RpcCall[] = []
  for (let i = start; i < calls.length; i++) {
    const value = calls[i]
    const isSend =
      typeof value === 'object' && value !== null && 'method' in value && value.method === sendMethod
    if (!isSend) break
    try {
      run.push(readCall(value))
    } catch {
      break
    }
  }
  return run
}

async function answerOne(
  context: RpcContext,
  methods: RpcMethods,
  call: RpcCall,
  deadline: Deadline,
): Promise<string> {
  try {
    const method = Object.hasOwn(methods, call.method) ? methods[call.method] : undefined
    if (method === undefined) fail('MethodNotFound', { method: call.method })
    await deadline.turn()
    const result = await deadline.within(Promise.resolve(method(context, call.params)))
    const json = JSON.stringify(result ?? null)
    if (json.length > context.limits.answerLength) return tooLong(context, call)
    return success(call, json)
  } catch (error) {
    return failure(call.id, error)
  }
}

/** Hands all transactions of a run to the node at once. */
async function send({ node }: RpcContext, run: readonly RpcCall[]): Promise<string[]> {
  const envelopes: Uint8Array[] = []
  const answers = run.map(({ id, params }) => {
    const envelope = readEnvelope(params)
    if (envelope !== undefined) {
      envelopes.push(envelope)
      return undefined
    }
    const reason = '0: expected one transaction: 0x and its bytes in hexadecimal digits'
    return failure(id, banyanError('ParametersInvalid', { reason }))
  })
  const outcomes = envelopes.length === 0 ? [] : await node.submit(envelopes)
  let next = 0
  return answers.map((answer, i) => {
    if (answer !== undefined) return answer
    const outcome = outcomes[next++]!
    const call = run[i]!
    return outcome.error === undefined
      ? success(call, `"${data(outcome.id)}"`)
      : failure(call.id, outcome.error)
  })
}

/** The bytes of the only parameter; the node checks what they mean. */
function readEnvelope(params: readonly unknown[]): Uint8Array | undefined {
  const [text] = params
  if (params.length !== 1 || typeof text !== 'string' || text.length > 2 + 2 * maxPackageLength)
    return undefined
  return parseData(text)
}

function success({ id }: RpcCall, json: string): string {
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${json}}`
}

function failure(id: RpcCall['id'], thrown: unknown, code?: number): string {
  return JSON.stringify({ jsonrpc: '2.0', id, error: rpcErrorOf(thrown, code) })
}

function tooLong({ limits }: RpcContext, { id }: RpcCall): string {
  const limit = limits.answerLength
  return failure(id, banyanError('RequestLimitExceeded', { what: 'the length of an answer', limit }))
}
