/** One line at the bottom of a terminal that is drawn again and again, and gets out of the way of lines that stay. */
import type { Output } from './cli.ts'

export interface TerminalLine {
  show(text: string): void
  clear(): void
}

const toStartAndErase = '\r\u001b[K'

/** Does nothing where `output` is no terminal, so that logs and pipes hold no control characters. */
export function terminalLine(output: Output, isQuiet: boolean): TerminalLine {
  if (!output.isTerminal || isQuiet) return { show: () => undefined, clear: () => undefined }
  let isShown = false
  return {
    show(text) {
      // The last column stays free: writing into it wraps on some terminals.
      output.write(toStartAndErase + text.slice(0, Math.max(1, output.columns - 1)))
      isShown = true
    },
    clear() {
      if (isShown) output.write(toStartAndErase)
      isShown = false
    },
  }
}
