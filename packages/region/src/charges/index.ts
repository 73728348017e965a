export { type Charging, createCharging, type House, type Payer } from './charging.js'
export { openPeriods, type Periods } from './periods.js'
export { type ServiceTerms, serviceTerms } from './terms.js'
