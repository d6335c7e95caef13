import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

/** Tests build elsewhere, so that they leave the program alone. */
const out = process.env['PAELLA_OUT'] ?? 'out'

export default defineConfig({
  main: {
    build: {
      outDir: resolve(out, 'main'),
      // Everything but the native packages is bundled, so that a command starts by reading a few files, not hundreds.
      externalizeDeps: {
        exclude: [
          '@bufbuild/protobuf',
          'onnx-buf',
          'zod',
          'commander',
          'ws',
          'yauzl',
          'csv-parse',
          'bullmq',
          'ioredis',
        ],
      },
      rollupOptions: {
        input: {
          index: resolve('src/main/index.ts'),
          paella: resolve('src/cli/main.ts'),
          'engine-process': resolve('src/host/engine-process.ts'),
          'import-process': resolve('src/host/import-process.ts'),
          'bench-worker': resolve('src/cli/bench/worker.ts'),
          'backstage-thread': resolve('src/backstage/thread.ts'),
          'studio-web': resolve('src/web/main.ts'),
        },
      },
    },
  },
  preload: {
    build: {
      outDir: resolve(out, 'preload'),
      // A sandboxed preload is one CommonJS file that may require Electron and nothing else.
      externalizeDeps: false,
      rollupOptions: {
        input: { index: resolve('src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [react()],
    build: {
      outDir: resolve(out, 'renderer'),
      rollupOptions: { input: { index: resolve('src/renderer/index.html') } },
      // A picture or font inside a style sheet or script would need exceptions in the content policy.
      assetsInlineLimit: 0,
      minify: true,
      modulePreload: { polyfill: false },
    },
  },
})
