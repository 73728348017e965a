/** When the owner of a machine lets it work. What is not set does not matter. */
export type Conditions = {
  /** Largest share of all cores that other programs may use, from 0 to 1. */
  readonly maxOtherLoad?: number | undefined
  /** Minutes of the local day from which and until which it works; over midnight where the first is later. */
  readonly hours?: { readonly from: number; readonly until: number } | undefined
  /** Least charge of the battery, in percent, while nothing charges it. */
  readonly minBattery?: number | undefined
  /** Highest temperature, in degrees Celsius. */
  readonly maxTemperature?: number | undefined
}

/** What was seen of the machine. `undefined` where it cannot tell. */
export type Observation = {
  readonly otherLoad: number
  /** Minutes since midnight, local time. */
  readonly minute: number
  readonly isOnBattery: boolean
  readonly battery: number | undefined
  readonly temperature: number | undefined
}

/** Why a miner rests now; nothing where it may work. A machine that cannot tell its temperature or battery is not held back by them. */
export function restReason(
  { maxOtherLoad, hours, minBattery, maxTemperature }: Conditions,
  { otherLoad, minute, isOnBattery, battery, temperature }: Observation,
): string | undefined {
  if (hours !== undefined && !isWithin(hours, minute))
    return `it works from ${clock(hours.from)} until ${clock(hours.until)}`
  if (minBattery !== undefined && isOnBattery && battery !== undefined && battery < minBattery)
    return `the battery has ${battery} %, and ${minBattery} % is the least`
  if (maxTemperature !== undefined && temperature !== undefined && temperature > maxTemperature)
    return `it is ${Math.round(temperature)} °C warm, and ${maxTemperature} °C is the most`
  if (maxOtherLoad !== undefined && otherLoad > maxOtherLoad)
    return `other programs use ${Math.round(otherLoad * 100)} % of the machine, and ${Math.round(maxOtherLoad * 100)} % is the most`
  return undefined
}

function isWithin(
  { from, until }: { readonly from: number; readonly until: number },
  minute: number,
): boolean {
  return from <= until ? minute >= from && minute < until : minute >= from || minute < until
}

function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}
