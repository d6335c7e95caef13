/** What a run tells: progress, JSON lines, notes, errors and exit codes. */
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exitCodeFor, exitCodesHelp } from '../../../src/cli/exit-codes.ts'
import { duration, progressText } from '../../../src/cli/progress.ts'
import { errorStyle, reportError } from '../../../src/cli/report-error.ts'
import type { JobHooks } from '../../../src/shared/contract/engine-api.ts'
import { type ErrorCode, errorCodes, StudioError } from '../../../src/shared/contract/errors.ts'
import { runCli, temporaryFolder } from './test-cli.ts'

describe('exit codes', () => {
  const expected: Record<ErrorCode, number> = {
    'bad-request': 2,
    'file-not-found': 2,
    'file-unreadable': 2,
    'not-a-picture': 2,
    'picture-too-large': 2,
    'mask-size-mismatch': 2,
    'mask-empty': 2,
    'model-missing': 2,
    'model-broken': 2,
    'checkpoint-mismatch': 2,
    'golden-broken': 2,
    'document-broken': 2,
    'device-unavailable': 3,
    'out-of-memory': 3,
    'engine-lost': 3,
    cancelled: 130,
    'write-failed': 4,
    'no-recipe': 2,
    'not-repeatable': 2,
    internal: 1,
  }

  test.each(errorCodes)('%s', async (code) => {
    const folder = await temporaryFolder()
    const fail = () => Promise.reject(new StudioError(code, 'What happened: what to do.'))
    const outcome = await runCli(['generate', 'a', '--out', folder], { engine: { generate: fail } })
    expect(outcome.code).toBe(expected[code])
    expect(exitCodeFor(code)).toBe(expected[code])
    expect(outcome.stderr).toMatch(/^paella: .*\n$/)
    expect(outcome.closed).toBe(1)
  })

  test('all of them are in the help', () => {
    for (const code of [0, ...Object.values(expected)]) expect(exitCodesHelp).toMatch(new RegExp(`^ +${code} `, 'm'))
  })

  test('a mistake of ours ends with 1, and its stack shows with --verbose only', async () => {
    const words = ['generate', 'a', '--quiet', '--out', await temporaryFolder()]
    const short = await runCli(words, { engine: { generate: stumble } })
    expect(short).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^paella: internal error: x is undefined.*\n$/),
    })
    const long = await runCli([...words, '--verbose'], { engine: { generate: stumble } })
    expect(long.stderr).toContain('reports.test.ts')
  })

  test('an engine that cannot start is reported after bad input, which the user can mend', async () => {
    const engineFails = new StudioError('engine-lost', 'No engine: try again.')
    const missing = await runCli(['vary', '/no/such.png'], { engineFails })
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no file /no/such.png') })
    const lost = await runCli(['generate', 'a', '--out', await temporaryFolder()], { engineFails })
    expect(lost).toMatchObject({ code: 3, stderr: expect.stringContaining('paella: No engine') })
  })
})

describe('progress', () => {
  const half = { picture: 1, pictures: 1, step: 5, steps: 10, stepMilliseconds: 400 }

  test('shows share, picture, step, pace and time left', () => {
    expect(progressText(half, 100)).toBe('[#####-----] picture 1/1, step 5/10, 0.40 s a step, 2 s left')
    expect(progressText({ ...half, picture: 2, pictures: 4, stepMilliseconds: 42 }, 100)).toBe(
      '[###-------] picture 2/4, step 5/10, 0.042 s a step, 2 s left',
    )
    expect(progressText({ ...half, step: 2 }, 100)).toMatch(/^\[##--------\]/)
    expect(progressText({ ...half, step: 10 }, 100)).toMatch(/^\[##########\].* 0 s left$/)
  })

  test('leaves out what matters least where the terminal is narrow, and never half of a word', () => {
    expect(progressText(half, 59)).toBe('[#####-----] picture 1/1, step 5/10, 2 s left')
    expect(progressText(half, 40)).toBe('[#####-----] 2 s left')
    expect(progressText(half, 20)).toBe('2 s left')
    expect(progressText(half, 5)).toBe('')
  })

  test('long times are in minutes and hours', () => {
    expect([59.2, 60, 125, 3600, 4801].map(duration)).toEqual([
      '1 min 0 s',
      '1 min 0 s',
      '2 min 5 s',
      '1 h 0 min',
      '1 h 20 min',
    ])
  })

  test('is drawn on a terminal, on stderr, and gone at the end', async () => {
    const words = ['generate', 'a', '--seed', '7', '--count', '2', '--out', await temporaryFolder()]
    const { stderr, stdout } = await runCli(words, { isTerminal: true })
    expect(stderr).toContain('\r\u001b[K[##########] picture 2/2, step 2/2, 0.040 s a step, 0 s left')
    expect(stderr.lastIndexOf('\u001b[K')).toBeGreaterThan(stderr.lastIndexOf('a step'))
    expect(stdout).toMatch(/^\S+a-7\.png\n\S+a-8\.png\n$/)
  })

  test('is not drawn into a file, nor with --quiet', async () => {
    const words = ['generate', 'a', '--seed', '7', '--out', await temporaryFolder()]
    const warning = 'paella: warning: the prompt was cut\n'
    expect((await runCli(words)).stderr).toBe(warning)
    expect((await runCli([...words, '--quiet'], { isTerminal: true })).stderr).toBe(warning)
  })
})

test('a random seed is said once, so that the picture can be made again', async () => {
  const { stderr } = await runCli(['generate', 'a', '--count', '2', '--out', await temporaryFolder()])
  expect(stderr.split('seed 4242 (repeat with --seed 4242)\n')).toHaveLength(2)
})

test('a warning that quotes a long prompt is one line of 300 characters, and whole with --json', async () => {
  const text = `left out: ${'pears and\napples '.repeat(500)}`
  const engine = {
    async generate(_call: unknown, hooks?: JobHooks) {
      hooks?.onEvent?.({ type: 'warning', text })
      return { pictures: 0, milliseconds: 1 }
    },
  }
  const words = ['generate', 'a', '--seed', '7', '--out', await temporaryFolder()]
  const { stderr } = await runCli(words, { engine })
  expect(stderr).toMatch(/^paella: warning: left out: pears and apples .{200,300} \.\.\.\n$/)
  expect((await runCli([...words, '--json'], { engine })).stdout).toContain(JSON.stringify({ type: 'warning', text }))
})

describe('--json', () => {
  test('every line is an object with a type, and none holds pixels, tokens or bytes', async () => {
    const folder = await temporaryFolder()
    const { stdout, stderr } = await runCli(['generate', 'a', '--count', '2', '--json', '--out', folder])
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(stderr).toBe('')
    const step = { type: 'step', picture: 0, pictures: 2, step: 1, steps: 2, milliseconds: 40 }
    const file = { width: 2, height: 1, model: 'fake' }
    expect(lines.filter((line) => line['type'] !== 'step')).toEqual([
      { type: 'start', use: 'text', seed: 4242, count: 2 },
      { type: 'loading', part: 'the model' },
      { type: 'warning', text: 'the prompt was cut' },
      {
        type: 'picture',
        path: join(folder, 'a-4242.png'),
        index: 0,
        seed: 4242,
        tokensSha256: 'tokens-4242-0',
        ...file,
      },
      {
        type: 'picture',
        path: join(folder, 'a-4243.png'),
        index: 1,
        seed: 4243,
        tokensSha256: 'tokens-4243-0',
        ...file,
      },
      { type: 'done', pictures: 2, milliseconds: 123 },
    ])
    expect(lines.filter((line) => line['type'] === 'step')).toHaveLength(4)
    expect(lines).toContainEqual(step)
  })

  test('an error is a line on stdout, whatever failed', async () => {
    const usage = await runCli(['generate', 'a', '--json', '--size', 'big'])
    expect(usage).toMatchObject({ code: 2, stderr: '' })
    expect(JSON.parse(usage.stdout)).toMatchObject({ type: 'error', code: 'bad-request' })
    const unknown = await runCli(['generate', 'a', '--json', '--nonsense'])
    expect(JSON.parse(unknown.stdout)).toMatchObject({ type: 'error', code: 'bad-request' })
  })

  test('a prompt after -- that looks like an option is none', () => {
    expect(errorStyle(['generate', '--', '--json'])).toEqual({ json: false, verbose: false })
  })
})

test('a message of several lines becomes one', () => {
  let stderr = ''
  const output = { write: (text: string) => void (stderr += text), isTerminal: false, columns: 80 }
  reportError({ stdout: output, stderr: output }, new StudioError('bad-request', 'a\n  b\nc'), errorStyle([]))
  expect(stderr).toBe('paella: a b c\n')
})

describe('Ctrl-C', () => {
  test('keeps the pictures that are finished, says so and ends with 130', async () => {
    const words = ['generate', 'a', '--seed', '7', '--count', '5', '--out', await temporaryFolder()]
    const { code, stdout, stderr, closed } = await runCli(words, { interruptAfter: 2 })
    expect([code, closed]).toEqual([130, 1])
    expect(stdout.trimEnd().split('\n')).toHaveLength(2)
    expect(stderr).toContain('paella: Cancelled; 2 finished pictures were kept.\n')
  })
})

test('a picture that cannot be written stops the job, and is what is reported', async () => {
  const folder = await temporaryFolder()
  const words = ['generate', 'a', '--seed', '7', '--count', '500', '--json', '--out', join(folder, 'gone')]
  let made = 0
  const { code, stdout } = await runCli(words, {
    engine: {
      async generate({ request }, hooks) {
        await rm(join(folder, 'gone'), { recursive: true })
        const { fakePicture } = await import('./test-cli.ts')
        for (made = 0; made < 500 && !hooks?.signal?.aborted; made++) {
          hooks?.onEvent?.({ type: 'picture', picture: fakePicture(request, made) })
          await new Promise((resolve) => setTimeout(resolve, 1))
        }
        throw new StudioError('cancelled', 'The job was cancelled.')
      },
    },
  })
  expect(code).toBe(4)
  expect(stdout).toContain('its folder is gone')
  expect(made).toBeLessThan(500)
})

const commandNames = 'generate vary interpolate gradient regions inpaint outpaint restyle parity bench'.split(' ')

describe('help', () => {
  test('fits into 80 columns, examples and all', async () => {
    for (const command of ['', ...commandNames]) {
      const { stdout } = await runCli([...command.split(' ').filter((word) => word !== ''), '--help'])
      expect(
        stdout.split('\n').filter((line) => line.length > 80),
        command,
      ).toEqual([])
    }
  })

  test('on a command that is not there says so', async () => {
    const { code, stderr } = await runCli(['help', 'nonsense'])
    expect([code, stderr]).toEqual([2, 'paella: Unknown command; paella --help lists the commands.\n'])
  })

  test('no words print the help and end well', async () => {
    const { code, stdout } = await runCli([])
    expect(code).toBe(0)
    expect(stdout).toContain('Usage: paella')
    expect(stdout).toContain(exitCodesHelp)
  })

  test('every command has an example of itself', async () => {
    const { stdout } = await runCli(['--help'])
    const commands = [...stdout.matchAll(/^ {2}([a-z]+) \[options\]/gm)].map((match) => match[1] ?? '')
    expect(commands).toEqual(expect.arrayContaining(commandNames))
    for (const command of commands) {
      const help = await runCli([command, '--help'])
      expect(help).toMatchObject({ code: 0, stderr: '', settings: [] })
      expect(help.stdout.split(`$ paella ${command}`).length, command).toBeGreaterThan(2)
    }
  })

  test('--version is that of the package', async () => {
    const { stdout, code } = await runCli(['--version'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

test('parity finds goldens right inside a folder, and says when there are none', async () => {
  const { findGoldens } = await import('../../../src/cli/commands/parity.ts')
  const folder = await temporaryFolder()
  await expect(findGoldens(folder)).rejects.toMatchObject({ code: 'golden-broken' })
  await expect(findGoldens(join(folder, 'none'))).rejects.toMatchObject({ code: 'file-not-found' })
  await writeFile(join(folder, 'golden.json'), '{}')
  expect(await findGoldens(folder)).toEqual([folder])
})

function stumble(): Promise<never> {
  return Promise.reject(new TypeError('x is undefined'))
}
