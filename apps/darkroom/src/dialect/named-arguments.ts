import { type Node, type Parser, TokenType, tokTypes } from 'acorn'

/** `name @ value` in the arguments of one call, as offsets into the source. */
export type NamedArgument = {
  readonly name: string
  readonly start: number
  /** Where the value begins; its parentheses count as a part of it. */
  readonly valueStart: number
  readonly end: number
}

/** The parts of acorn's parser that its types do not tell. */
type ParserInside = {
  pos: number
  start: number
  lastTokEnd: number
  type: TokenType
  next(): void
  eat(type: TokenType): boolean
  expect(type: TokenType): void
  afterTrailingComma(type: TokenType): boolean
  finishToken(type: TokenType): void
  raise(position: number, message: string): never
  unexpected(): never
  parseMaybeAssign(forInit: false, errors?: unknown): Node & { readonly name?: string }
  parseSpread(errors?: unknown): Node
}

type Expressions = (
  this: ParserInside,
  close: TokenType,
  trailingComma: boolean,
  empty: boolean,
  errors?: unknown,
) => unknown[]

/** How acorn makes a parser out of a parser. */
type Extension = (base: typeof Parser) => typeof Parser

/** The constructor of token types, which acorn's types leave out. */
type NewToken = new (label: string, settings: { readonly beforeExpr: boolean }) => TokenType

const at = new (TokenType as unknown as NewToken)('@', { beforeExpr: true })

/** Reads `@ value` behind the name `left`. */
function readNamed(parser: ParserInside, left: Node & { readonly name?: string }): NamedArgument {
  if (left.type !== 'Identifier' || left.end !== parser.lastTokEnd)
    parser.raise(parser.start, 'Only a name can stand before @')
  parser.next()
  // The token, not the node: the node of a value in parentheses begins inside them.
  const valueStart = parser.start
  parser.parseMaybeAssign(false)
  return { name: left.name!.toLowerCase(), start: left.start, valueStart, end: parser.lastTokEnd }
}

/** The arguments of a call up to `)`; named ones go to `found`. */
function readArguments(parser: ParserInside, errors: unknown, found: NamedArgument[][]): unknown[] {
  const nodes: unknown[] = []
  const named: NamedArgument[] = []
  for (let isFirst = true; !parser.eat(tokTypes.parenR); isFirst = false) {
    if (!isFirst) {
      parser.expect(tokTypes.comma)
      if (parser.afterTrailingComma(tokTypes.parenR)) break
    }
    const { start } = parser
    const isSpread = parser.type === tokTypes.ellipsis
    const node = isSpread ? parser.parseSpread(errors) : parser.parseMaybeAssign(false, errors)
    nodes.push(node)
    if (!isSpread && parser.type === at) {
      const argument = readNamed(parser, node)
      if (named.some(({ name }) => name === argument.name))
        parser.raise(start, `${argument.name} is given twice`)
      named.push(argument)
    } else if (named.length > 0) {
      parser.raise(start, 'Arguments without a name come before those with one')
    }
  }
  if (named.length > 0) found.push(named)
  return nodes
}

/**
 * A plugin of acorn: `name @ value` among the arguments of a call or of `new`. The named arguments of each call are put
 * into `found`, the innermost calls first.
 */
export function namedArguments(found: NamedArgument[][]): Extension {
  return (base) => {
    const inner = base.prototype as unknown as {
      readonly parseExprList: Expressions
      readonly getTokenFromCode: (this: ParserInside, code: number) => void
    }
    const Extended = class extends base {}
    Object.assign(Extended.prototype, {
      getTokenFromCode(this: ParserInside, code: number): void {
        if (code === 64) {
          this.pos++
          this.finishToken(at)
        } else {
          inner.getTokenFromCode.call(this, code)
        }
      },
      parseExprList(this: ParserInside, ...args: Parameters<Expressions>): unknown[] {
        const [close, , , errors] = args
        return close === tokTypes.parenR
          ? readArguments(this, errors, found)
          : inner.parseExprList.apply(this, args)
      },
    })
    return Extended
  }
}
