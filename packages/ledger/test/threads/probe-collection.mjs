// A contract for the tests of worker threads: its keys lie, and some of its methods behave badly on workers only.
import { isMainThread, threadId } from 'node:worker_threads'
import { asAddress } from '@banyan/base'
import { bindAbi, createCollection, defineContract, defineTable, tables, writes } from '@banyan/ledger'
import * as Abi from 'ox/Abi'

export const probeAbi = Abi.from([
  'function add(uint32 slot, uint32 amount)',
  'function combine(uint32 from, uint32 other, uint32 to)',
  'function openly(uint32 slot)',
  'function unknown(uint32 slot)',
  'function clear(uint32 slot)',
  'function where()',
  'function end()',
  'function hang()',
  'function crash()',
  'event Value(uint32 slot, uint64 value)',
  'event Ran(uint32 thread)',
])

const probe = bindAbi(probeAbi)
const slots = defineTable({ id: 1, name: 'slots', key: { slot: 'uint32' }, row: { value: 'uint64' } })
const read = (context, slot) => tables.get(context, slots, { slot }).value

function write(context, slot, value) {
  tables.set(context, slots, { slot }, { value })
  probe.emit(context, 'Value', { slot, value })
}

/** Long enough that a worker begins its share before the main thread has finished its own. */
function work() {
  const start = process.hrtime.bigint()
  while (process.hrtime.bigint() - start < 30_000_000n);
}

const method = (run, keys = () => []) => ({ gas: 100, run, keys })

const onWorkers = (run) =>
  method(() => {
    if (isMainThread) work()
    else run()
  })

export const probeAddress = asAddress(new Uint8Array(20).fill(0x70))

const probeContract = defineContract({
  name: 'probe',
  summary: 'Probes the execution on threads.',
  version: 1,
  address: probeAddress,
  abi: probeAbi,
  tables: [slots],
  methods: {
    add: method((context, { slot, amount }) => write(context, slot, read(context, slot) + BigInt(amount))),
    combine: method((context, { from, other, to }) =>
      write(context, to, (read(context, from) * 3n + read(context, other) + 1n) % (1n << 60n)),
    ),
    openly: method(
      (context, { slot }) => write(context, slot, read(context, slot) + 1n),
      (context, { slot }) => writes(...tables.writeKeys(context, slots, { slot }).map(({ key }) => key)),
    ),
    clear: method((context, { slot }) => write(context, slot, 0n)),
    unknown: method(
      (context, { slot }) => write(context, slot, read(context, slot) * 2n),
      () => undefined,
    ),
    where: method((context) => {
      work()
      probe.emit(context, 'Ran', { thread: threadId })
    }),
    end: onWorkers(() => process.exit(3)),
    hang: onWorkers(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)),
    crash: onWorkers(() => {
      throw new TypeError('the contract is defective')
    }),
  },
})

export const probeCollection = createCollection(1, [probeContract])
export const otherVersion = createCollection(2, [probeContract])
