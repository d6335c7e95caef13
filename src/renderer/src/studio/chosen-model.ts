/** Which of the models that there are the window works with: the one that was chosen, and the first where that is gone. */
import type { ModelInfo } from '../../../shared/contract/engine-api.ts'
import type { StudioState } from './studio-state.ts'

type Known = Pick<StudioState, 'engine' | 'preferences'>

export const modelsOf = ({ engine }: Pick<Known, 'engine'>): readonly ModelInfo[] =>
  engine.is === 'ready' ? engine.info.models : none

/** Always the same one, so that nobody who looks at it sees a change. */
const none: readonly ModelInfo[] = []

export function chosenModel(state: Known): ModelInfo | undefined {
  const models = modelsOf(state)
  return models.find(({ id }) => id === state.preferences.model) ?? models[0]
}
