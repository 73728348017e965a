export * from './random.js'
export { runSeed, testSeed } from './seed.js'
export * from './tier.js'
