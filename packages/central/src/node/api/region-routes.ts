import { statusForm } from '@banyan/central-link'
import { z } from 'zod'
import { setRegion } from '../../change/regions.js'
import type { Region } from '../../records.js'
import { regionsForMiner } from '../../select/miners.js'
import { regionsForClient } from '../../select/regions.js'
import * as F from './forms.js'
import { needScope } from './permission.js'
import { type Route, route } from './route.js'

type Chosen = { readonly region: Region; readonly distanceKm: number }

function chosenJson<Extra>({ region, distanceKm, ...rest }: Chosen & Extra) {
  return { account: region.account, web: region.web, distanceKm: Math.round(distanceKm), ...rest }
}

export const regionRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/regions',
    id: 'listRegions',
    summary: 'The directory of regions, which of them are connected, and how they do.',
    answer: z.array(z.object({ region: F.region, connected: z.boolean(), status: statusForm.optional() })),
    run: async ({ central, connected, statusOf }) => {
      const ready = new Set(connected())
      return [...central.state.regions.values()].map((region) => ({
        region,
        connected: ready.has(region.account),
        status: statusOf(region.account),
      }))
    },
  }),
  route({
    method: 'post',
    path: '/v1/regions',
    id: 'setRegion',
    summary: 'Registers a region or changes it. Central dials it from then on.',
    body: F.region,
    answer: F.region,
    run: async ({ central }, request) => {
      const { account } = needScope(request, 'registry')
      const region = { ...request.body, fingerprint: request.body.fingerprint }
      return central.change(account, (context) => setRegion(context, region))
    },
  }),
  route({
    method: 'post',
    path: '/v1/regions/select',
    id: 'selectRegions',
    summary: 'Regions for a client, the best first.',
    body: F.clientWish,
    answer: F.suitable,
    run: async ({ select, now }, { body }) => regionsForClient(select, body, now()).map(chosenJson),
  }),
  route({
    method: 'post',
    path: '/v1/regions/select-for-miner',
    id: 'selectRegionsForMiner',
    summary: 'Regions for a miner to join, the best first.',
    body: F.minerOffer,
    answer: F.needy,
    run: async ({ select, now }, { body }) => regionsForMiner(select, body, now()).map(chosenJson),
  }),
]
