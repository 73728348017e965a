export { State, type StateOptions } from './state/state.js'
export * from './state/view.js'
export * from './tx/index.js'
