/** What a batch is put together with: prompts of a file or of what was typed, and the plan that says what would become of them. */
import type { BatchApi } from '../../../shared/contract/batch-api.ts'
import type { BatchPlan, BatchSpec } from '../../../shared/contract/batch.ts'
import type { FileSource } from '../../../shared/contract/studio-api.ts'
import { type BatchDraft, type PromptRows, specOf } from './batch-draft.ts'

export interface PromptFile {
  readonly name: string
  readonly rows: PromptRows
}

export class BatchDesk {
  /** The file that the prompts come from; it stays while the window does. */
  file: PromptFile | null = null
  /** Manifest of the ended batch whose outcome was put away. */
  putAway: string | null = null
  readonly #api: Pick<BatchApi, 'readRows' | 'planBatch'>
  readonly #model: () => string | null
  #typed: { readonly text: string; readonly rows: PromptRows } = { text: '', rows: [] }

  /** @param model id of the one that the window works with */
  constructor(api: Pick<BatchApi, 'readRows' | 'planBatch'>, model: () => string | null) {
    this.#api = api
    this.#model = model
  }

  async readFile(source: FileSource): Promise<PromptFile> {
    const { rows } = await this.#api.readRows({ source })
    this.file = { name: source.kind === 'bytes' ? source.name : (source.path.split(/[\\/]/).at(-1) ?? ''), rows }
    return this.file
  }

  /** What was typed counts as a txt file: a prompt a line. */
  async rowsOf(draft: BatchDraft): Promise<PromptRows> {
    if (draft.kind === 'pictures') return []
    if (this.file !== null) return this.file.rows
    const { text } = draft
    if (text.trim() === '') return []
    if (this.#typed.text === text) return this.#typed.rows
    const bytes = new TextEncoder().encode(text)
    const { rows } = await this.#api.readRows({ source: { kind: 'bytes', name: 'prompts.txt', bytes } })
    this.#typed = { text, rows }
    return rows
  }

  async specOf(draft: BatchDraft): Promise<BatchSpec> {
    return specOf(draft, await this.rowsOf(draft), this.#model())
  }

  plan(spec: BatchSpec): Promise<BatchPlan> {
    return this.#api.planBatch({ spec })
  }
}
