import type { ErrorName } from '@banyan/base'
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Central } from '../../central.js'

/** What Prometheus reads of central. Accounts and keys are never labels. */
export type Metrics = {
  readonly refused: (kind: ErrorName) => void
  readonly answered: (kind: string, outcome: string) => void
  readonly text: () => Promise<string>
  readonly contentType: string
}

/** A registry of its own: several replicas can live in one process. */
export function createMetrics(central: Central, connected: () => number): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const refusals = new Counter({
    name: 'banyan_central_refused_total',
    help: 'Requests to the API that were refused, by error',
    labelNames: ['error'],
    registers,
  })
  const answers = new Counter({
    name: 'banyan_central_answers_total',
    help: 'Questions of regions, by kind and outcome',
    labelNames: ['kind', 'outcome'],
    registers,
  })
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name: `banyan_central_${name}`,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  }
  const { state } = central
  gauge('sequence', 'Newest record of the journal', state.sequence)
  gauge('term', 'Term of the writer', state.term)
  gauge('writer', '1 while this replica writes', () => Number(central.isWriter()))
  gauge('accounts', 'Accounts', () => state.accounts.size)
  gauge('keys', 'Keys that were not revoked', () => state.keys.size)
  gauge('regions', 'Regions in the directory', () => state.regions.size)
  gauge('regions_connected', 'Regions that are connected', connected)
  return {
    refused: (kind) => refusals.inc({ error: kind }),
    answered: (kind, outcome) => answers.inc({ kind, outcome }),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}
