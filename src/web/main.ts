/**
 * The studio in a browser: `node out/main/studio-web.js`. Starts the backstage and the door, and prints the address to open. Every
 * page gets a pipe of its own; the documents and the engine behind it are one program's.
 */
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startBackstage } from '../backstage/start.ts'
import { StudioError } from '../shared/contract/errors.ts'
import { openDoor } from './door.ts'
import { dataFolder, saveFolder } from './folders.ts'
import { readOptions, usage, type WebOptions } from './options.ts'
import { joinPage } from './page.ts'

/** Journals are flushed within milliseconds; a thread that takes longer hangs. */
const closeMilliseconds = 10_000

const home = fileURLToPath(new URL('.', import.meta.url))

try {
  const options = readOptions(process.argv.slice(2))
  if (options.help) process.stdout.write(usage)
  else await open(options)
} catch (thrown) {
  if (!(thrown instanceof StudioError)) throw thrown
  leave(2, thrown.message)
}

async function open({ folder, data, port, verbose }: WebOptions): Promise<void> {
  let isLeaving = false
  const backstage = startBackstage({
    entry: join(home, 'backstage-thread.js'),
    home,
    dataFolder: resolve(data ?? dataFolder(process.platform, process.env, homedir())),
    saveFolder: resolve(folder ?? saveFolder(homedir(), process.cwd())),
    onLog(line) {
      if (verbose || line.startsWith('backstage:')) process.stderr.write(`${line}\n`)
    },
  })
  const onLost = (reason: string): void => {
    if (!isLeaving) leave(1, `The studio has to be started again, because ${reason}; your work is kept.`)
  }
  const onPage = (page: Parameters<typeof joinPage>[0]): void => joinPage(page, backstage.connect(), onLost)
  const door = await openDoor({ root: join(home, '..', 'renderer'), port, onPage }).catch(
    (error: NodeJS.ErrnoException) => {
      const taken = `port ${port} is taken; choose another with --port`
      return leave(1, `The studio cannot be opened: ${error.code === 'EADDRINUSE' ? taken : error.message}.`)
    },
  )
  // Ctrl-C comes twice under npm: from the terminal and from build/run.mjs.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (isLeaving) return
      isLeaving = true
      setTimeout(() => process.exit(1), closeMilliseconds)
      void door
        .close()
        .then(() => backstage.close())
        .then(() => process.exit(0))
    })
  }
  process.stdout.write(`Paella Studio is open at\n  ${door.address}\nCtrl-C ends it.\n`)
}

function leave(exitCode: number, message: string): never {
  process.stderr.write(`paella: ${message}\n`)
  process.exit(exitCode)
}
