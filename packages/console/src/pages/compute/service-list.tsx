import type { Service, TierPrices } from '@banyan/region/api'
import { Link } from '@tanstack/react-router'
import { type Column, List } from '../../parts/list.js'
import { Price } from '../../parts/price.js'
import { tierText } from './tiers.js'

type Row = { readonly service: Service; readonly tariff: TierPrices | undefined }

const price = (key: Exclude<keyof TierPrices, 'tier'>, unit: string) => {
  const cell = ({ service, tariff }: Row) =>
    tariff === undefined || tariff[key] === '0' ? (
      '–'
    ) : (
      <>
        <Price micro={tariff[key]} currency={service.currency ?? ''} />
        <span className="narrow-only"> {unit}</span>
      </>
    )
  return cell
}

const columns: readonly Column<Row>[] = [
  {
    head: 'Service',
    cell: ({ service: { name, versions } }) => (
      <>
        {name === 'darkroom' ? <Link to="/darkroom">{name}</Link> : name}{' '}
        <small className="is-quiet">{versions.join(', ')}</small>
      </>
    ),
    at: 'a',
  },
  {
    head: 'Machines',
    cell: ({ tariff }) => (tariff === undefined ? 'no price yet' : tierText(tariff.tier)),
    at: 'c',
  },
  { head: 'Each request', end: true, cell: price('perRequest', 'each'), at: 'b' },
  { head: 'Hour of processor', end: true, cell: price('perCpuHour', 'an hour'), at: 'd' },
  { head: 'Hour of graphics', end: true, cell: price('perGpuHour', 'an hour') },
  { head: 'Gigabyte', end: true, cell: price('perGigabyte', 'a gigabyte') },
  {
    head: 'Places free',
    end: true,
    cell: ({ service }) => `${service.places - service.active} of ${service.places}`,
  },
]

/** What can be rented, a row for each service and class of machines. */
export function ServiceList({ services }: { readonly services: readonly Service[] }) {
  const rows = services.flatMap((service): readonly Row[] =>
    service.tiers.length === 0
      ? [{ service, tariff: undefined }]
      : service.tiers.map((tariff) => ({ service, tariff })),
  )
  return (
    <List
      label="Services and their prices"
      rows={rows}
      columns={columns}
      rowKey={({ service, tariff }) => `${service.name} ${tariff?.tier}`}
    />
  )
}
