/** The trash of whoever started the thread, over its messages: a question for each file, and its answer. */
export class TrashOfParent {
  readonly #ask: (call: number, path: string) => void
  readonly #waiting = new Map<number, (error: string | null) => void>()
  #last = 0

  constructor(ask: (call: number, path: string) => void) {
    this.#ask = ask
  }

  async give(path: string): Promise<void> {
    this.#last += 1
    const call = this.#last
    const error = await new Promise<string | null>((resolve) => {
      this.#waiting.set(call, resolve)
      this.#ask(call, path)
    })
    if (error !== null) throw new Error(error)
  }

  answer(call: number, error: string | null): void {
    this.#waiting.get(call)?.(error)
    this.#waiting.delete(call)
  }
}
