import { useSponsor } from '../data/sponsor.js'

/** Who pays the network fee of what is about to be confirmed. */
export function FeePayer() {
  const payer = useSponsor() === undefined ? 'you' : 'the sponsor of this network'
  return <p className="note-code">Network fee: paid by {payer}.</p>
}
