import './styles/index.css'
import { BanyanProvider } from '@banyan/react'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { client, queries } from './data/client.js'
import { router } from './router.js'

// Asked for before there is text: what is laid out without its font moves when that comes.
void document.fonts.load('1em "Atkinson Hyperlegible Next Variable"')

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <BanyanProvider client={client} queryClient={queries}>
        <RouterProvider router={router} />
      </BanyanProvider>
    </QueryClientProvider>
  </StrictMode>,
)
