import { BanyanError } from '@banyan/base'
import { translate } from '@banyan/darkroom'
import { describe, expect, test } from 'vitest'

const inMain = (body: string) => `function main(a, b) { return ${body} }`
const codeOf = (body: string) => translate('test', inMain(body)).code.slice(29, -2)

function problemOf(text: string): BanyanError {
  try {
    translate('test', text)
  } catch (error) {
    if (error instanceof BanyanError) return error
    throw error
  }
  throw new Error('it was accepted')
}

describe('MED-2: named arguments', () => {
  test.each([
    ['f(x @ 1)', 'f($named({["x"]:1}))'],
    ['f(a, XS @ 1, Ys @ 2)', 'f(a, $named({["xs"]:1, ["ys"]:2}))'],
    ['new F(x @ 1,)', 'new F($named({["x"]:1}),)'],
    ['f(x @ (1, 2))', 'f($named({["x"]:(1, 2)}))'],
    ['f(x @ g(y @ 2))', 'f($named({["x"]:g($named({["y"]:2}))}))'],
    ['f(x @ a ? b : c, y @ (d) => d)', 'f($named({["x"]:a ? b : c, ["y"]:(d) => d}))'],
    ['f(...a, x @ [1, 2])', 'f(...a, $named({["x"]:[1, 2]}))'],
    ['f(x /* @ */ @ /* @ */ 1)', 'f($named({["x"]:1}))'],
    ['f(__proto__ @ 1)', 'f($named({["__proto__"]:1}))'],
    ['["x @ 1", /x @ 1/, `x @ \u0024{f(y @ 1)}`]', '["x @ 1", /x @ 1/, `x @ \u0024{f($named({["y"]:1}))}`]'],
    ['f(a, b)', 'f(a, b)'],
  ])('%s', (source, code) => {
    expect(codeOf(source)).toBe(code)
  })

  test.each([
    ['f(x @ 1, 2)', 'Arguments without a name come before those with one', 9],
    ['f(x @ 1, ...b)', 'Arguments without a name come before those with one', 9],
    ['f(x @ 1, X @ 2)', 'x is given twice', 9],
    ['f(a.b @ 1)', 'Only a name can stand before @', 6],
    ['f((x) @ 1)', 'Only a name can stand before @', 6],
    ['f("x" @ 1)', 'Only a name can stand before @', 6],
    ['x @ 1', 'Unexpected token', 2],
    ['[x @ 1]', 'Unexpected token', 3],
    ['(x @ 1) => x', 'Unexpected token', 3],
  ])('%s is refused with its place', (source, reason, offset) => {
    const { kind, details } = problemOf(inMain(source))
    expect(kind).toBe('ScriptInvalid')
    expect(details).toMatchObject({ reason, line: 1, column: 30 + offset })
  })

  test('MED-2: errors are told by the line of the script', () => {
    expect(problemOf('function main() {\n  return 1 +\n}').details).toMatchObject({ line: 3, column: 1 })
    expect(problemOf('let a = 1').details['reason']).toMatch(/no function main/)
    expect(problemOf(' '.repeat(200_001)).details['reason']).toMatch(/longer/)
  })

  test('MED-2: places of the translation lead back to the script', () => {
    const text = 'function main() {\n  f(x @ 1, yy @ 2); g()\n}'
    const { code, original } = translate('test', text)
    const column = code.split('\n')[1]!.indexOf('g()') + 1
    expect(original({ line: 2, column })).toEqual({
      line: 2,
      column: text.split('\n')[1]!.indexOf('g()') + 1,
    })
  })

  test('MED-1: parameters of main are known by name', () => {
    const { parameters } = translate('test', 'function main(a, Width = 3, { c }, ...rest) {}')
    expect(parameters).toEqual(['a', 'Width', undefined, undefined])
  })
})
