/** Opens a model of either release. */
import type { LoadedModel, LoadOptions } from './loaded-model.ts'
import type { Manifest } from './models/store.ts'
import { releaseOf } from './release.ts'
import { Release2022 } from './release-2022.ts'
import { Release2023 } from './release-2023.ts'

/**
 * Reads the headers of the weights and checks every one; no session is made.
 * @throws StudioError 'file-not-found', 'model-broken' or 'checkpoint-mismatch' with the weights by name
 */
export async function loadModel(manifest: Manifest, options: LoadOptions): Promise<LoadedModel> {
  return releaseOf(manifest) === 2023 ? Release2023.open(manifest, options) : Release2022.open(manifest, options)
}
