import { Address } from '../../parts/address.js'
import { Ago } from '../../parts/ago.js'
import { Figures } from '../../parts/figures.js'
import { List } from '../../parts/list.js'
import { Money } from '../../parts/money.js'
import { Page, Section } from '../../parts/page.js'
import { StateMark } from '../../parts/states.js'

const rows = ['0x12ab', '0x7a1c', '0x99d0', '0x0f31'].map((p, i) => ({
  id: p + 'c0ffee1234567890aabbccddeeff0011223344',
  amount: 12345678n * 10n ** (12n + BigInt(i)),
}))
export function OverviewPage() {
  return (
    <Page
      title="The network is running: 4 of 4 validators agree."
      tab="Overview"
      lead="Block 4 012 became final 0.4 s ago."
    >
      <Figures
        figures={[
          { label: 'Newest final block', value: '4 012', note: '0.4 s ago' },
          { label: 'Transactions per second', value: '3.2' },
          { label: 'Time to final', value: '0.41', unit: 's' },
          { label: 'Fee of a payment', value: '0.0002', unit: 'FIG' },
        ]}
      />
      <Section title="Latest activity" aside={<a href="/explorer">Explorer</a>}>
        <List
          label="Activity"
          rows={rows}
          rowKey={(r) => r.id}
          columns={[
            { head: 'From', cell: (r) => <Address value={r.id} />, at: 'a' },
            { head: 'State', cell: () => <StateMark kind="done">Final</StateMark>, at: 'd' },
            { head: 'When', cell: () => <Ago at={Date.now() - 4000} />, at: 'c' },
            {
              head: 'Amount',
              end: true,
              cell: (r) => <Money amount={r.amount} decimals={18} symbol="FIG" direction="in" />,
              at: 'b',
            },
          ]}
        />
      </Section>
    </Page>
  )
}
