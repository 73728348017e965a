// Comments and literals of TypeScript sources, told apart by one scan. Regular expression literals are not recognised.
const token = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`/g

/** The text without comments. */
export function withoutComments(text) {
  return text.replace(token, (match) => (match.startsWith('/') ? ' ' : match))
}

/** The text without comments and with empty literals: what is left is code. */
export function codeOnly(text) {
  return text.replace(token, (match) => (match.startsWith('/') ? ' ' : "''"))
}

/** Every module that the text names: `{specifier, typeOnly}`, from imports, re-exports and dynamic imports. */
export function importsOf(text) {
  const code = withoutComments(text)
  const statement =
    /\b(import|export)\s+(type\s)?[^'"`;()]*?\bfrom\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g
  return [...code.matchAll(statement)].map((match) => ({
    specifier: match[3] ?? match[4],
    typeOnly: match[2] !== undefined,
  }))
}
