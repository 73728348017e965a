/** What tests of contracts and of their host share: a state in plain maps, funded accounts, usual calls. */
export * from './call-data.js'
export * from './fixtures.js'
export * from './memory-state.js'
