#!/usr/bin/env node
/** The entry of the `paella` command: connects the program to this process. Built to out/main/paella.js. */
import { randomInt } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { Cli, Output } from './cli.ts'
import { openEngine } from './engine.ts'
import { exitCodes } from './exit-codes.ts'
import { runProgram } from './program.ts'

/** One Ctrl-C may arrive twice: from the terminal, and handed on by npm or build/run.mjs. */
const sameKeyPressMilliseconds = 300

// The folder of this file once built; taken here because bundling may move other files.
const home = fileURLToPath(new URL('.', import.meta.url))

const cli: Cli = {
  stdout: outputOf(process.stdout),
  stderr: outputOf(process.stderr),
  home,
  openEngine: (settings) => openEngine(home, settings),
  onInterrupt,
  randomSeed: () => randomInt(2 ** 32),
  setExitCode(code) {
    process.exitCode = code
  },
}

await runProgram(cli, process.argv.slice(2))
await Promise.all([flushed(process.stdout), flushed(process.stderr)])
// Everything is on disk. An engine that still unloads its model is killed by this (host/engine-child.ts), not waited for.
process.exit()

/** A reader that went away (`paella ... | head -1`) stops the output, not the pictures. */
function outputOf(stream: NodeJS.WriteStream): Output {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  return {
    write: (text) => void stream.write(text),
    get isTerminal() {
      return stream.isTTY ?? false
    },
    get columns() {
      // 0 in some pseudo-terminals that were never given a size.
      return stream.columns || 80
    },
  }
}

/** Resolves when all has been written, or cannot be. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()))
}

/** The first interrupt cancels after the running step; a second one ends the process at once. */
function onInterrupt(listener: () => void): () => void {
  let firstAt: number | undefined
  const handle = () => {
    if (firstAt !== undefined && Date.now() - firstAt > sameKeyPressMilliseconds) {
      // Below the line that is shown, for the prompt of the shell.
      if (process.stderr.isTTY) process.stderr.write('\n')
      process.exit(exitCodes.cancelled)
    }
    firstAt ??= Date.now()
    listener()
  }
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const signal of signals) process.on(signal, handle)
  return () => {
    for (const signal of signals) process.off(signal, handle)
  }
}
