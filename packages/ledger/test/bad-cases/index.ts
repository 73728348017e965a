import type { Bad } from './case.js'
import { fees } from './fees.js'
import { form } from './form.js'
import { markCases } from './marks.js'
import { movements } from './movements.js'
import { wrongTransfers } from './wrong-transfers.js'

export { zeroMark } from './case.js'
export { movements, wrongTransfers }
export const allBad: readonly Bad[] = [...form, ...markCases, ...fees, ...movements, ...wrongTransfers]
