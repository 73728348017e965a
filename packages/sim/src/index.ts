export { type CampaignName, campaigns, isCampaign, runCampaign } from './campaign/campaigns.js'
export type { Campaign, Outcome, ScenarioOptions } from './campaign/outcome.js'
export { twoViewScenarios } from './campaign/twins-enumerated.js'
export { type Failure, runSeeds, type Tally } from './run/tally.js'
