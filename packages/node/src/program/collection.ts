/** What worker threads execute calls with: a module of its own, which they load by its place. */
export { genesisCollection } from '@banyan/contracts'
