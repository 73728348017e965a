// Appends numbered records until it is killed, and tells each acknowledged sequence on its output.
import { writeSync } from 'node:fs'
import { openLog } from '@banyan/storage'
import { openNodeDisk } from '@banyan/storage/node'

const disk = await openNodeDisk(process.argv[2])
const log = await openLog(disk, {
  name: 'blocks',
  identity: new Uint8Array(32).fill(7),
  segmentBytes: 4096,
  maxRecordBytes: 1000,
})
async function appendForever() {
  for (;;) {
    const sequence = await log.append([new Uint8Array(50).fill(1), new Uint8Array(200).fill(2)])
    writeSync(1, `${sequence}\n`)
  }
}
await Promise.all([appendForever(), appendForever(), appendForever()])
