/** What a server of an API does with connections, requests and answers. */
export { errorBody, publicError, sendBytes, sendJson } from './answer.js'
export { readBody, readJsonBody } from './body.js'
export { type Access, judgeRequest, preflightHeaders, type Verdict } from './guard.js'
export { closeServer, hostInUrl, listenOn, urlOf } from './listen.js'
