export * from './tx/index.js'
