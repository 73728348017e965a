/** A message as a document of DDP: values are EJSON. */
export type Fields = Readonly<Record<string, unknown>>

type Document = {
  readonly collection: string
  readonly id: string
  fields: Fields
  /** Subscriptions that it belongs to. */
  readonly holders: Set<string>
}

/** The documents that a client has of all its subscriptions, each of them once. */
export class Documents {
  private readonly say: (message: object) => void
  private readonly byPlace = new Map<string, Document>()

  constructor(say: (message: object) => void) {
    this.say = say
  }

  get size(): number {
    return this.byPlace.size
  }

  /** Gives a document to a subscription: the client is told what it does not know. */
  put(holder: string, collection: string, id: string, fields: Fields): void {
    const known = this.byPlace.get(placeOf(collection, id))
    if (known === undefined) {
      const added = { collection, id, fields, holders: new Set([holder]) }
      this.byPlace.set(placeOf(collection, id), added)
      this.say({ msg: 'added', collection, id, fields })
      return
    }
    known.holders.add(holder)
    const changed = Object.entries(fields).filter(([name, value]) => !isSame(known.fields[name], value))
    const cleared = Object.keys(known.fields).filter((name) => !(name in fields))
    known.fields = fields
    if (changed.length + cleared.length === 0) return
    this.say({
      msg: 'changed',
      collection,
      id,
      ...(changed.length > 0 && { fields: Object.fromEntries(changed) }),
      ...(cleared.length > 0 && { cleared }),
    })
  }

  /** Takes a document away from all subscriptions. */
  remove(collection: string, id: string): void {
    if (this.byPlace.delete(placeOf(collection, id))) this.say({ msg: 'removed', collection, id })
  }

  /** Takes a document away from a subscription; the client keeps it if another has it. */
  release(holder: string, collection: string, id: string): void {
    const known = this.byPlace.get(placeOf(collection, id))
    if (known?.holders.delete(holder) === true && known.holders.size === 0) this.remove(collection, id)
  }

  /** Takes all its documents away from a subscription. */
  releaseAll(holder: string): void {
    for (const { collection, id } of [...this.byPlace.values()]) this.release(holder, collection, id)
  }
}

/** No name of a topic has a space. */
function placeOf(collection: string, id: string): string {
  return `${collection} ${id}`
}

/** Values are texts, numbers, or objects with one text in them. */
function isSame(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b))
}
