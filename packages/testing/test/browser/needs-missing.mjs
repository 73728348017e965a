export { answer } from 'not-installed'
