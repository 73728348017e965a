// A module of its own, so that the texts of all errors are loaded only when there is one to explain.
export { errorRegistry } from '@banyan/base'
