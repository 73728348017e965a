/** What needs Node: threads, databases, documents. */

export { type Analytics, openAnalytics } from './node/analytics.js'
export { type Archive, type ArchiveOptions, openArchive, type Retired } from './node/archive.js'
export { type EmbeddedStore, type EmbeddedStoreOptions, openEmbeddedStore } from './node/embedded-store.js'
export { expandRow } from './node/expand-row.js'
export { createHashThread, type HashThread } from './node/hash-thread.js'
export { openPostgresStore, type PostgresStoreOptions } from './node/postgres-store.js'
export { writeStatementParquet } from './node/statement-parquet.js'
export { statementPdf } from './node/statement-pdf.js'
