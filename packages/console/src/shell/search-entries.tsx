import type { ReactNode } from 'react'
import { shortHex } from '../names/address-marks.js'
import type { KnownNames } from '../names/known-names.js'
import { Glyph } from '../parts/glyph.js'
import { destinations } from './destinations.js'
import { searchPages } from './search-pages.js'
import { type SearchTarget, targetsOf } from './search-target.js'

export type SearchEntry = {
  readonly id: string
  readonly path: string
  readonly label: string
  readonly hint: string
  readonly mark?: ReactNode
}

const most = 12

function matches(text: string, query: string): boolean {
  return query.split(/\s+/).every((word) => text.toLowerCase().includes(word))
}

/** What a query finds: what it names by itself first, then names, then pages. */
export function searchEntries(query: string, names: KnownNames): readonly SearchEntry[] {
  const word = query.trim().toLowerCase()
  const direct = targetsOf(query).map(targetEntry)
  const people = [...names].filter(([, name]) => word !== '' && matches(name, word))
  const pages = [
    ...destinations.map(({ to, label, group }) => ({ to, label, words: group ?? '' })),
    ...searchPages,
  ].filter(({ label, words }) => matches(`${label} ${words}`, word))
  return [
    ...direct,
    ...people.map(([address, name]) => addressEntry(address, name)),
    ...pages.map(({ to, label }) => ({ id: to, path: to, label, hint: 'page' })),
  ].slice(0, most)
}

function addressEntry(address: string, label: string): SearchEntry {
  return {
    id: address,
    path: `/explorer/address/${address}`,
    label,
    hint: shortHex(address),
    mark: <Glyph address={address} />,
  }
}

function targetEntry(target: SearchTarget): SearchEntry {
  switch (target.kind) {
    case 'block':
      return {
        id: 'block',
        path: `/explorer/block/${target.block}`,
        label: `Block ${shortHex(target.block)}`,
        hint: 'block',
      }
    case 'transaction':
      return {
        id: 'transaction',
        path: `/explorer/tx/${target.id}`,
        label: `Transaction ${shortHex(target.id)}`,
        hint: 'transaction',
      }
    case 'address':
      return { ...addressEntry(target.address, shortHex(target.address)), hint: 'address' }
  }
}
