export { stepBroker } from './broker.js'
export {
  createJobs,
  defaultJobsLimits,
  isDeadLetter,
  type Job,
  type JobState,
  type Jobs,
  type JobsEffect,
  type JobsEvent,
  type JobsLimits,
  restoreJob,
  stepJobs,
} from './jobs.js'
export { type BrokerLimits, defaultLimits } from './limits.js'
export { type Broker, createBroker } from './state.js'
export * from './types.js'
