export type { Campaign, Outcome, ScenarioOptions } from './campaign/outcome.js'
export { runRandomFaults } from './campaign/random-faults.js'
export { runTwins } from './campaign/twins.js'
export { runEnumeratedTwins, twoViewScenarios } from './campaign/twins-enumerated.js'
