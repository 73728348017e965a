/** A place in millionths of a degree. */
export type Place = { readonly latitude: number; readonly longitude: number }

const earthRadiusKm = 6_371
const toRadians = Math.PI / 180 / 1_000_000

/** Kilometres between two places along the surface of a sphere (haversine formula). */
export function distanceKm(one: Place, other: Place): number {
  const halfLatitude = Math.sin(((other.latitude - one.latitude) * toRadians) / 2)
  const halfLongitude = Math.sin(((other.longitude - one.longitude) * toRadians) / 2)
  const cosines = Math.cos(one.latitude * toRadians) * Math.cos(other.latitude * toRadians)
  return 2 * earthRadiusKm * Math.asin(Math.sqrt(halfLatitude ** 2 + cosines * halfLongitude ** 2))
}
