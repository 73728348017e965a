import { fileURLToPath } from 'node:url'

/** Where parts of this workspace are that are no code of a lower floor. */
const fromHere = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** The console as it was built, if it was. */
export const consoleFolder = fromHere('../../console/dist')
export const docsFolder = fromHere('../../../docs')
