/** All files that the import must survive, by family. */
import type { HostileCase } from './case.ts'
import { containers } from './containers.ts'
import { graphs, headers } from './headers.ts'
import { pickles } from './pickles.ts'
import { tensors, wholeFiles } from './tensors.ts'

export const families: Readonly<Record<string, readonly HostileCase[]>> = {
  'Z: containers': containers,
  'P: pickles': pickles,
  'T: tensors': [...wholeFiles, ...tensors],
  'S: headers of safetensors': headers,
  'O: graphs': graphs,
}
