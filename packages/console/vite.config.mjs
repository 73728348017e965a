import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Where the pages find a network while they are worked on: what `npm start` serves. */
const network = process.env.BANYAN_ORIGIN ?? 'http://localhost:4400'
const paths = ['/rpc', '/ws', '/v1', '/local', '/sponsor', '/compute/']

/** What every page needs, with all that it imports. */
const startParts =
  /node_modules\/(react|react-dom|scheduler|@tanstack)\/|sdk\/dist\/(live|client|errors|hex|http)\b/

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2023',
    // The policy of the origin allows no inlined fonts.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1_000,
    rolldownOptions: {
      output: {
        // What every page needs stands together: one large file compresses better than many small ones.
        codeSplitting: {
          groups: [{ name: 'start', test: startParts }],
        },
      },
    },
  },
  server: {
    proxy: Object.fromEntries(paths.map((path) => [path, { target: network, ws: true, changeOrigin: true }])),
  },
})
