import { useQuery } from '@tanstack/react-query'
import { askOrigin } from '../../data/local-network.js'

export type DocsEntry = { readonly path: string; readonly title: string }
export type DocsPage = { readonly title: string; readonly html: string }

/** All pages of the documentation, which the origin holds. */
export function useDocsList() {
  return useQuery({
    queryKey: ['docs', ''],
    queryFn: async ({ signal }) =>
      (await askOrigin<{ readonly pages: readonly DocsEntry[] }>('/local/docs/', { signal })).pages,
  })
}

/** A page of the documentation. The origin makes its HTML from the Markdown of this repository and lets none through that stands in it. */
export function useDocsPage(path: string) {
  return useQuery({
    queryKey: ['docs', path],
    queryFn: ({ signal }) => askOrigin<DocsPage>(`/local/docs/${path}`, { signal }),
  })
}
