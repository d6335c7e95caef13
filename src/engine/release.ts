/** Which of the two published releases a model is of: they differ in what steers them, and in how they are sampled. */
import type { Manifest } from './models/store.ts'

export type Release = 2022 | 2023

export const releaseOf = ({ files }: Manifest): Release => (files.denoiser.network === 'paella-v3' ? 2023 : 2022)
