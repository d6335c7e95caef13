import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

export default defineConfig({
  main: {
    build: {
      // Everything but the native packages is bundled, so that a command starts by reading a few files, not hundreds.
      externalizeDeps: { exclude: ['@bufbuild/protobuf', 'onnx-buf', 'zod', 'commander', 'ws'] },
      rollupOptions: {
        input: {
          paella: resolve('src/cli/main.ts'),
          'engine-process': resolve('src/host/engine-process.ts'),
          'bench-worker': resolve('src/cli/bench/worker.ts'),
          'studio-web': resolve('src/web/main.ts'),
        },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [react()],
    build: {
      rollupOptions: { input: { index: resolve('src/renderer/index.html') } },
      // A picture or font inside a style sheet or script would need exceptions in the content policy.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  },
})
