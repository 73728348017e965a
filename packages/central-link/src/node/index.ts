export { type Dialling, type DialOptions, dialRegion, type Target } from './dial.js'
export {
  createRegionLink,
  type RegionLink,
  type RegionLinkEvent,
  type RegionLinkOptions,
} from './region-link.js'
