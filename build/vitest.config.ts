import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// Tiers are named after what a test needs, not after its size: `pure` nothing native, `ort` onnxruntime-node,
// `parity` the goldens made by PyTorch, `process` child processes and the built command line, `browser` the built studio in
// Debian's Chromium, `electron` the built program with the stand-in for Electron, or with Electron itself where it is there.
const tier = (name: string, testTimeout: number, fileParallelism = true) => ({
  extends: true as const,
  test: { name, include: [`tests/${name}/**/*.test.ts`], testTimeout, hookTimeout: testTimeout, fileParallelism },
})

const standIn = fileURLToPath(new URL('../tests/kit/electron-stand-in/index.ts', import.meta.url))
const withElectron = <Tier extends { test: object }>(tier: Tier) => ({
  ...tier,
  test: { ...tier.test, alias: { electron: standIn } },
})

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    environment: 'node',
    // Else one core is left free: on two that is half of the machine.
    maxWorkers: '100%',
    projects: [
      tier('pure', 20_000),
      // One file at a time: a network takes all cores by itself, and the memory of a large one.
      tier('ort', 60_000, false),
      tier('parity', 120_000, false),
      tier('process', 180_000, false),
      tier('browser', 120_000, false),
      withElectron(tier('electron', 120_000, false)),
    ],
  },
})
