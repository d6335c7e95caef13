/** The options of `paella models`, all commands together. */
export interface ModelsOptions {
  readonly models?: string
  readonly json?: boolean
  readonly precision?: 'float32' | 'float16' | 'int8'
  readonly name?: string
  readonly textOnly?: boolean
  readonly from?: string
}
