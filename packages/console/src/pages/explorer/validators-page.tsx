import { useBlocks, useValidators } from '../../data/chain.js'
import { countText } from '../../format/amount.js'
import { Address } from '../../parts/address.js'
import { Ago } from '../../parts/ago.js'
import { Figures } from '../../parts/figures.js'
import { type Column, List } from '../../parts/list.js'
import { Loaded } from '../../parts/loaded.js'
import { Page, Section } from '../../parts/page.js'
import { ExplorerLinks } from './explorer-links.js'
import { type ValidatorRecord, validatorRecords } from './validator-records.js'

/** As many blocks as the record of the validators looks back. */
const lookBack = 100

const columns: readonly Column<ValidatorRecord>[] = [
  { head: 'Validator', cell: ({ address }) => <Address value={address} />, at: 'a' },
  { head: 'Weight', end: true, cell: ({ share }) => `${(100 * share).toFixed(1)} %`, at: 'b' },
  { head: 'Blocks proposed', end: true, cell: ({ proposed }) => countText(proposed) },
  {
    head: 'Last block',
    end: true,
    cell: ({ last }) => (last === undefined ? 'none lately' : <Ago at={last} />),
    at: 'c',
  },
]

/** Who decides, and how they do. */
export function ValidatorsPage() {
  const validators = useValidators()
  const blocks = useBlocks(lookBack)
  return (
    <Page
      title="Validators"
      lead="They take turns to propose blocks and vote on each of them. A block is final when more than two thirds of the weight have signed it."
    >
      <ExplorerLinks />
      <Loaded query={validators} what="The validators could not be read">
        {(committee) => {
          const { records, missed, interval } = validatorRecords(committee.validators, blocks.data ?? [])
          return (
            <>
              <Figures
                figures={[
                  { label: 'Validators', value: countText(records.length) },
                  { label: 'Epoch', value: countText(committee.epoch) },
                  { label: `Missed turns in ${blocks.data?.length ?? 0} blocks`, value: countText(missed) },
                  { label: 'Time between blocks', value: (interval / 1_000).toFixed(2), unit: 's' },
                ]}
              />
              <Section title="Record of the last blocks">
                <List label="Validators" rows={records} columns={columns} rowKey={({ address }) => address} />
              </Section>
            </>
          )
        }}
      </Loaded>
    </Page>
  )
}
