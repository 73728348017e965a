/** What a peer has done, as one number that fades, and until when it is banned. */
export type Standing = {
  score: number
  /** Time of the last change in ms. */
  changedAt: number
  /** Time in ms; 0 if it was never banned. */
  bannedUntil: number
}

export type Verdict = 'useful' | 'invalid' | 'hostile'

/** Good deeds are worth little and their sum is bounded, so nobody can save up for misbehaving. */
const useful = 1
const mostScore = 50
/** Ten invalid messages at once, or a steady run faster than the score fades, end in a ban. */
const invalid = -10
const banScore = -100
const halfLifeMs = 10 * 60_000

export function newStanding(now: number): Standing {
  return { score: 0, changedAt: now, bannedUntil: 0 }
}

/** The score as it is now: it halves every ten minutes. */
export function scoreAt(standing: Standing, now: number): number {
  return standing.score * 2 ** ((standing.changedAt - now) / halfLifeMs)
}

export function isBanned(standing: Standing, now: number): boolean {
  return now < standing.bannedUntil
}

/** Applies a verdict; true if it ends in a ban of `banMs`, after which the peer starts from 0 again. */
export function judgeStanding(standing: Standing, verdict: Verdict, now: number, banMs: number): boolean {
  const change = verdict === 'useful' ? useful : verdict === 'invalid' ? invalid : banScore * 2
  const score = Math.min(mostScore, scoreAt(standing, now) + change)
  const banned = score <= banScore
  standing.score = banned ? 0 : score
  standing.changedAt = now
  if (banned) standing.bannedUntil = now + banMs
  return banned
}
