import { resolve } from 'node:path'
import { defineConfig } from 'electron-vite'

// Everything but the two native packages is bundled, so that a command starts by reading a few files, not hundreds.
export default defineConfig({
  main: {
    build: {
      externalizeDeps: { exclude: ['@bufbuild/protobuf', 'onnx-buf', 'zod', 'commander'] },
      rollupOptions: {
        input: {
          paella: resolve('src/cli/main.ts'),
          'engine-process': resolve('src/host/engine-process.ts'),
          'bench-worker': resolve('src/cli/bench/worker.ts'),
        },
      },
    },
  },
})
