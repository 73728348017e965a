export { createPool, type Pool, type PoolOptions } from './threads/pool.js'
