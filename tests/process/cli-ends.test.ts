/** A run that ends early: Ctrl-C, and an engine process that dies. What is finished is kept and whole, the rest is gone. */
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { buildProgram, childrenOf, filesIn, openPicture, start, untilGone } from '../kit/cli.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'

beforeAll(buildProgram)

/** A run of 50 pictures, two of which are finished; `engine` is its only child. */
async function halfway() {
  const cwd = await temporaryFolder()
  const words = ['generate', 'a', '--count', '50', '--size', '64', '--steps', '2', '--seed', '1', '--out', 'made']
  const running = start(cwd, words)
  await running.lines(2)
  const engine = childrenOf(running.process.pid)
  expect(engine).toHaveLength(1)
  return { ...running, engine, folder: join(cwd, 'made') }
}

/** Every file that was announced is there and whole, and no other. */
async function expectWhole(stdout: string, folder: string): Promise<number> {
  const files = await filesIn(folder)
  expect(stdout.trimEnd().split('\n')).toEqual(files.map((_, index) => `made/a-${index + 1}.png`))
  expect([...files].sort((a, b) => Number(a.slice(2, -4)) - Number(b.slice(2, -4)))).toEqual(
    files.map((_, index) => `a-${index + 1}.png`),
  )
  for (const file of files) expect(await openPicture(join(folder, file))).toMatchObject({ width: 64, height: 64 })
  return files.length
}

describe.runIf(process.platform === 'linux')('in the middle of a run', () => {
  test('Ctrl-C keeps the finished pictures, says how many, ends with 130 and leaves no process', async () => {
    const { process: command, ended, engine, folder } = await halfway()
    command.kill('SIGINT')
    const { code, stdout, stderr } = await ended
    expect(code).toBe(130)
    const kept = await expectWhole(stdout, folder)
    expect(kept).toBeLessThan(50)
    expect(stderr).toBe(`paella: Cancelled; ${kept} finished pictures were kept.\n`)
    await untilGone(engine)
  })

  test('an engine process that is killed ends the run with 3 and one line that says so', async () => {
    const { ended, engine, folder } = await halfway()
    process.kill(engine[0] ?? 0, 'SIGKILL')
    const { code, stdout, stderr } = await ended
    expect(code).toBe(3)
    expect(stderr).toMatch(/^paella: The engine process was killed \(SIGKILL\), [^\n]+ try again\.\n$/)
    await expectWhole(stdout, folder)
  })

  test('a command that is killed takes its engine with it', async () => {
    const { process: command, engine } = await halfway()
    command.kill('SIGKILL')
    await untilGone(engine)
  })
})
