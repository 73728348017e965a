export { openNodeDisk } from './node/disk.js'
