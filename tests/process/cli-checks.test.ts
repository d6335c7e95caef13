/** The commands that check: parity against the goldens of these tests, and the benchmark. */
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { buildProgram, run } from '../kit/cli.ts'
import { copyGoldens, editTensors, nudge } from '../kit/goldens.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'

let cwd: string

beforeAll(async () => {
  await buildProgram()
  cwd = await temporaryFolder()
})

const goldens = fileURLToPath(new URL('../goldens', import.meta.url))
const names = [
  'byt5',
  'clip',
  'clip_quickgelu',
  'paella_v1',
  'paella_v1_sampler',
  'paella_v3',
  'paella_v3_sampler',
  'prior',
  'pt_variety',
  'vqgan_f8',
  'vqmodel_f4',
]

describe('parity', () => {
  test('prints one line a golden with its largest error, and ends with 0 where all agree', async () => {
    const { code, stdout, stderr } = await run(cwd, ['parity', goldens])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const lines = stdout.trimEnd().split('\n')
    expect(lines.map((line) => line.split(/ +/)[1])).toEqual(names)
    for (const line of lines) expect(line).toMatch(/^ok +\w+ +largest error \d\.\de[+-]\d+ /)
  })

  test('ends with 1 where a golden does not agree, and still checks the others', async () => {
    const broken = await copyGoldens('clip', 'vqmodel_f4')
    await editTensors(join(broken, 'io.safetensors'), (tensors) => nudge(tensors, 'text_features', 0.1))
    const { code, stdout, stderr } = await run(cwd, ['parity', dirname(broken), '--json'])
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    const results = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown)
    expect(results).toMatchObject([
      { type: 'golden', name: 'clip', passed: false },
      { type: 'golden', name: 'vqmodel_f4', passed: true },
    ])
  })
})

test('parity passes over what is of no network, and fails where nothing is', async () => {
  const clip = await copyGoldens('clip', 'vqmodel_f4')
  await writeFile(join(clip, 'golden.json'), '{"config":{"loss":[3.9,3.8]}}')
  const both = await run(cwd, ['parity', dirname(clip)])
  expect(both).toMatchObject({ code: 0, stderr: '' })
  expect(both.stdout.split('\n')).toEqual([
    expect.stringMatching(/^skip clip +not of a network: steps of training$/),
    expect.stringMatching(/^ok {3}vqmodel_f4 /),
    '',
  ])
  const alone = await run(cwd, ['parity', clip, '--json'])
  expect(alone.code).toBe(1)
  expect(JSON.parse(alone.stdout)).toEqual({ type: 'golden', name: 'clip', skipped: 'steps of training' })
})

test('bench --quick prints one JSON document with the machine and the times of the shipped model', async () => {
  const { code, stdout, stderr } = await run(cwd, ['bench', '--quick'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const seconds = expect.closeTo(30, -2) as number
  const timing = { median: seconds, min: seconds, max: seconds, runs: expect.any(Number) as number }
  expect(JSON.parse(stdout)).toMatchObject({
    machine: { cores: expect.any(Number), node: process.version, float32PeakGflops: expect.any(Number) },
    models: {
      'paella-mini': {
        loadSeconds: seconds,
        firstPictureSeconds: seconds,
        picture: timing,
        step: timing,
        peakMemoryMB: expect.any(Number),
        commandFromStartToFile: timing,
      },
    },
  })
})
