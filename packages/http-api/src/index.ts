/** APIs as data: operations with their schemas, how they are found and checked, and the document that describes them. */
export { checkParams } from './check-params.js'
export {
  type ApiInfo,
  errorForm,
  type Fields,
  type Operation,
  type OperationHead,
  openApiDocument,
} from './openapi.js'
export { type FoundRoute, findRoute } from './routes.js'
