/** What programs do alike before and beside their work: how they end, how they tell errors, what machines ask them. */
export { exitCodes, explain } from './exit.js'
export { requireOwnerAlone } from './owner-alone.js'
export { answerProbe, type Probed } from './probes.js'
export { readyMessage } from './ready-message.js'
