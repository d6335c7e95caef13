/** The results of the last so many questions, so that a prompt is read once. */

export class Remembered<T> {
  readonly #most: number
  readonly #known = new Map<string, T>()

  constructor(most: number) {
    this.#most = most
  }

  async get(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const made = await make()
    const oldest = this.#known.keys().next()
    if (this.#known.size >= this.#most && !oldest.done) this.#known.delete(oldest.value)
    this.#known.set(key, made)
    return made
  }
}
