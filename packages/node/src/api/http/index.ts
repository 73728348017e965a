/** What any HTTP server in front of a node needs: who may ask, and how errors are told. */
export { errorBody, statusOf } from './answer.js'
export { type Access, judgeRequest, preflightHeaders, type Verdict } from './guard.js'
