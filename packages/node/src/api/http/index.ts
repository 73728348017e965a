/** How servers in front of a node tell its errors. */
export { statusOf } from './answer.js'
