/** `paella batch` and `paella worker` as they are built, on the model that ships. */
import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { buildProgram, childrenOf, decode, filesIn, openPicture, run, start, untilGone } from '../kit/cli.ts'
import { hash } from '../kit/pictures.ts'
import { noRedis, startRedis } from '../kit/redis.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'

const quick = ['--size', '64', '--steps', '2']

beforeAll(buildProgram)

async function folderWith(text: string, name = 'list.csv'): Promise<string> {
  const cwd = await temporaryFolder()
  await writeFile(join(cwd, name), text)
  return cwd
}

interface Manifest {
  readonly items: readonly Record<string, unknown>[]
}

const manifestOf = async (out: string): Promise<Manifest> =>
  JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8')) as Manifest

const picturesOf = async (out: string): Promise<string[]> =>
  (await filesIn(out)).filter((name) => /\.(?:png|webp)$/.test(name))

/** Two items are made at a time, and told as they end. */
const linesOf = (stdout: string): string[] => stdout.trimEnd().split('\n').sort()

describe('a list', () => {
  test('becomes pictures that can be made again, a manifest, and lines that say where they are', async () => {
    const cwd = await folderWith('prompt,seed,sku\na {red|green} apple,7,A1\na pear,,B2\nthe sea,3,C3\n')
    const words = ['batch', 'list.csv', '--out', 'made', '--name', '{sku}/{prompt:2}-{seed}', ...quick]
    const plan = await run(cwd, [...words, '--dry-run'])
    expect([plan.code, plan.stdout.split('\n').length]).toEqual([0, 4])
    expect(await filesIn(cwd)).toEqual(['list.csv'])
    const { code, stdout, stderr } = await run(cwd, words)
    const prompt = plan.stdout.split('\n')[0]?.split('\t')[1] ?? ''
    const files = [`A1/${prompt.split(' ').slice(0, 2).join('-')}-7.png`, 'B2/a-pear-0.png', 'C3/the-sea-3.png']
    expect([code, linesOf(stdout)]).toEqual([0, files.map((file) => `made/${file}`)])
    expect(stderr).toBe('3 of 3 pictures; made/manifest.json\n')
    const { items } = await manifestOf(join(cwd, 'made'))
    expect(items.map(({ file }) => file)).toEqual(files)
    for (const { file, prompt, seed, tokensSha256, modelSha256 } of items) {
      const { recipe } = await openPicture(join(cwd, 'made', String(file)))
      expect(recipe).toMatchObject({ tokensSha256, modelSha256, request: { seed, use: { use: 'text', prompt } } })
    }
    const again = await run(cwd, ['generate', '--from', `made/${files[0]}`, '--out', 'again.png'])
    expect(again.stderr).toMatch(/^same tokens/)
    // The one way a batch must not differ: a picture on its own.
    await run(cwd, ['generate', 'the sea', '--seed', '3', '--out', 'single.png', ...quick])
    expect(hash(await decode(join(cwd, 'single.png')))).toBe(hash(await decode(join(cwd, 'made', files[2] ?? ''))))
  })

  test('that is wrong is refused with its line, before an engine starts', async () => {
    const cwd = await folderWith('prompt,steps\na,2\nb,0\n')
    const { code, stderr } = await run(cwd, ['batch', 'list.csv', '--out', 'made'])
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^paella: Line 3 of the list cannot be read: steps/)])
    expect(await filesIn(cwd)).toEqual(['list.csv'])
  })
})

test('a folder of photos is done with its tree; a broken one is an error of its own, exit code 1', async () => {
  const cwd = await temporaryFolder()
  await mkdir(join(cwd, 'photos', 'a'), { recursive: true })
  const photo = sharp({ create: { width: 90, height: 70, channels: 3, background: '#369' } })
  await photo.jpeg().toFile(join(cwd, 'photos', 'a', 'one.jpg'))
  await writeFile(join(cwd, 'photos', 'two.png'), 'no picture')
  await symlink(join(cwd, 'photos', 'a', 'one.jpg'), join(cwd, 'photos', 'three.jpg'))
  const words = [
    'batch',
    '--pictures',
    'photos',
    '--use',
    'outpaint',
    '--prompt',
    'sea',
    '--right',
    '10',
    '--steps',
    '2',
  ]
  const { code, stdout, stderr } = await run(cwd, [
    ...words,
    '--out',
    'wide',
    '--format',
    'webp',
    '--name',
    '{folder}/{name}',
  ])
  expect([code, linesOf(stdout)]).toEqual([1, ['wide/a/one.webp', 'wide/three.webp']])
  expect(stderr).toMatch(
    /2 of 3 pictures, 1 failed.*\n {2}two\.webp: .*\nThe same command tries the failed ones again\.\n$/s,
  )
  expect(await picturesOf(join(cwd, 'wide'))).toEqual(['a/one.webp', 'three.webp'])
  expect(await sharp(join(cwd, 'wide', 'three.webp')).metadata()).toMatchObject({
    format: 'webp',
    width: 100,
    height: 70,
  })
})

describe.runIf(process.platform === 'linux')('in the middle of a batch', () => {
  const words = ['batch', 'list.txt', '--out', 'made', '--seeds', '12', ...quick]

  async function halfway() {
    const cwd = await folderWith('a\n', 'list.txt')
    const running = start(cwd, words)
    await running.lines(3)
    return { ...running, cwd, out: join(cwd, 'made') }
  }

  test('Ctrl-C ends it with 130 and says how to go on; going on makes the rest and touches nothing', async () => {
    const { process: command, ended, cwd, out } = await halfway()
    command.kill('SIGINT')
    const { code, stderr } = await ended
    expect([code, stderr]).toEqual([
      130,
      expect.stringMatching(/^paella: Stopped with \d+ of 12 .* same command goes on/m),
    ])
    const kept = await picturesOf(out)
    expect((await manifestOf(out)).items).toHaveLength(kept.length)
    expect(kept.length).toBeLessThan(12)
    const times = await Promise.all(kept.map(async (name) => (await stat(join(out, name))).mtimeMs))
    const second = await run(cwd, words)
    expect([second.code, second.stdout.trimEnd().split('\n').length]).toEqual([0, 12 - kept.length])
    expect(await Promise.all(kept.map(async (name) => (await stat(join(out, name))).mtimeMs))).toEqual(times)
    expect((await manifestOf(out)).items).toHaveLength(12)
  })

  test('an engine process that is killed is started again, and no picture is missing', async () => {
    const { process: command, ended, out } = await halfway()
    const engines = childrenOf(command.pid)
    expect(engines).toHaveLength(1)
    process.kill(engines[0] ?? 0, 'SIGKILL')
    expect(await ended).toMatchObject({ code: 0, stderr: '12 of 12 pictures; made/manifest.json\n' })
    expect(await picturesOf(out)).toHaveLength(12)
    await untilGone(engines)
  })
})

test('two shards, one of them by Slurm, leave the pictures of one run, and --merge their manifest', async () => {
  const cwd = await folderWith('a\nb\nc\n', 'list.txt')
  const words = ['batch', 'list.txt', ...quick, '--json']
  await run(cwd, [...words, '--out', 'whole'])
  const slurm = { SLURM_ARRAY_TASK_ID: '5', SLURM_ARRAY_TASK_MIN: '4', SLURM_ARRAY_TASK_COUNT: '2' }
  const first = await run(cwd, [...words, '--out', 'split', '--shard', 'auto'], { env: slurm })
  expect(JSON.parse(first.stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({ type: 'done', items: 1, done: 1 })
  await run(cwd, [...words, '--out', 'split', '--shard', '1/2'])
  expect((await run(cwd, ['batch', '--merge', 'split'])).stdout).toBe('split/manifest.json\n')
  const timeless = async (out: string) =>
    (await manifestOf(join(cwd, out))).items.map((item) => ({ ...item, milliseconds: 0 }))
  expect(await timeless('split')).toEqual(await timeless('whole'))
  expect(await picturesOf(join(cwd, 'split'))).toEqual(await picturesOf(join(cwd, 'whole')))
})

describe.skipIf(noRedis)(`a queue${noRedis === undefined ? '' : ` (skipped: ${noRedis})`}`, () => {
  test('is filled by batch --enqueue and made by worker', async () => {
    const cwd = await folderWith('a\nb\n', 'list.txt')
    const redis = await startRedis()
    const { url } = redis
    try {
      const filled = await run(cwd, ['batch', 'list.txt', '--out', 'made', '--enqueue', '--redis', url, ...quick])
      expect([filled.code, filled.stderr]).toEqual([0, '2 of 2 pictures are in the queue; paella worker makes them\n'])
      const worked = await run(cwd, ['worker', '--redis', url, '--until-empty', '--json'])
      expect([worked.code, worked.stderr]).toEqual([0, ''])
      expect(JSON.parse(worked.stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
        type: 'done',
        done: 2,
        failed: 0,
      })
      expect(await picturesOf(join(cwd, 'made'))).toEqual(['a-0.png', 'b-0.png'])
      expect((await manifestOf(join(cwd, 'made'))).items).toHaveLength(2)
    } finally {
      await redis.stop()
    }
  })
})
