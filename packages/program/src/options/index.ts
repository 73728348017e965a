/** Options of programs: one schema gives their types, their checks, the help of the command and the table of the documentation. */
export { lifeOptions } from './life-options.js'
export { type Environment, type Flags, type OptionFile, readOptions } from './read-options.js'
export { flagForm, helpText, type OptionForm, type OptionRow, optionRowsOf, optionTable } from './rows.js'
