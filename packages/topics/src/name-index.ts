type Node<Value> = {
  readonly below: Map<string, Node<Value>>
  value: Value | undefined
}

function createNode<Value>(): Node<Value> {
  return { below: new Map(), value: undefined }
}

/** Values by name, found by the filters that match the names. */
export class NameIndex<Value extends object> {
  private readonly root: Node<Value> = createNode()
  private count = 0

  get size(): number {
    return this.count
  }

  get(name: string): Value | undefined {
    let node: Node<Value> | undefined = this.root
    for (const level of name.split('/')) node = node?.below.get(level)
    return node?.value
  }

  set(name: string, value: Value): void {
    let node = this.root
    for (const level of name.split('/')) {
      let next = node.below.get(level)
      if (next === undefined) {
        next = createNode()
        node.below.set(level, next)
      }
      node = next
    }
    if (node.value === undefined) this.count++
    node.value = value
  }

  delete(name: string): void {
    const levels = name.split('/')
    const path = [this.root]
    for (const level of levels) {
      const next = path.at(-1)!.below.get(level)
      if (next === undefined) return
      path.push(next)
    }
    const node = path.at(-1)!
    if (node.value !== undefined) this.count--
    node.value = undefined
    for (let i = levels.length; i > 0; i--) {
      if (path[i]!.value !== undefined || path[i]!.below.size > 0) return
      path[i - 1]!.below.delete(levels[i - 1]!)
    }
  }

  /** Values of all names that the filter matches, in no stated order. */
  select(filter: string): Value[] {
    const found: Value[] = []
    const levels = filter.split('/')
    const all = (node: Node<Value>, isRoot: boolean): void => {
      if (node.value !== undefined) found.push(node.value)
      for (const [level, next] of node.below) if (!isRoot || !level.startsWith('$')) all(next, false)
    }
    const visit = (node: Node<Value>, i: number): void => {
      const level = levels[i]
      if (level === undefined) {
        if (node.value !== undefined) found.push(node.value)
      } else if (level === '#') all(node, i === 0)
      else if (level === '+') {
        for (const [name, next] of node.below) if (i > 0 || !name.startsWith('$')) visit(next, i + 1)
      } else {
        const next = node.below.get(level)
        if (next !== undefined) visit(next, i + 1)
      }
    }
    visit(this.root, 0)
    return found
  }
}
