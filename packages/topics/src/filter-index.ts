/** What is kept at one filter, and below it by the next level. */
type Node<Entry> = {
  readonly below: Map<string, Node<Entry>>
  readonly here: Set<Entry>
}

function createNode<Entry>(): Node<Entry> {
  return { below: new Map(), here: new Set() }
}

/** Entries by filter, found by the names that the filters match. */
export class FilterIndex<Entry> {
  private readonly root: Node<Entry> = createNode()

  add(filter: string, entry: Entry): void {
    let node = this.root
    for (const level of filter.split('/')) {
      let next = node.below.get(level)
      if (next === undefined) {
        next = createNode()
        node.below.set(level, next)
      }
      node = next
    }
    node.here.add(entry)
  }

  remove(filter: string, entry: Entry): void {
    const levels = filter.split('/')
    const path = [this.root]
    for (const level of levels) {
      const next = path.at(-1)!.below.get(level)
      if (next === undefined) return
      path.push(next)
    }
    path.at(-1)!.here.delete(entry)
    for (let i = levels.length; i > 0; i--) {
      const node = path[i]!
      if (node.here.size > 0 || node.below.size > 0) return
      path[i - 1]!.below.delete(levels[i - 1]!)
    }
  }

  /** Entries of all filters that match the name, in no stated order. */
  match(name: string): Entry[] {
    const found: Entry[] = []
    const levels = name.split('/')
    const isReserved = name.startsWith('$')
    const visit = (node: Node<Entry>, i: number): void => {
      const wild = i > 0 || !isReserved
      if (wild) for (const entry of node.below.get('#')?.here ?? []) found.push(entry)
      if (i === levels.length) {
        for (const entry of node.here) found.push(entry)
        return
      }
      const exact = node.below.get(levels[i]!)
      if (exact !== undefined) visit(exact, i + 1)
      const any = wild ? node.below.get('+') : undefined
      if (any !== undefined) visit(any, i + 1)
    }
    visit(this.root, 0)
    return found
  }
}
