export * from './host/index.js'
export * from './state/view.js'
