import type { WorkItem, WorkPage } from '../api/index.js'
import { type DeskRoute, numberIn, readerOf, sent } from './desk.js'

/** Finished requests. */
export const workRoutes: readonly DeskRoute[] = [
  {
    method: 'GET',
    path: 'work',
    run: ({ history }, { client, query }): WorkPage =>
      history.list(
        readerOf(client),
        Math.max(1, numberIn(query, 'limit', 50, 200)),
        query.get('before') ?? undefined,
      ),
  },
  {
    method: 'GET',
    path: 'work/*',
    run: ({ history }, { client, name }): WorkItem => history.find(readerOf(client), name),
  },
  {
    method: 'GET',
    path: 'work-events',
    run: ({ history }, { client, response }) => {
      history.watch(readerOf(client), response)
      return sent
    },
  },
]
