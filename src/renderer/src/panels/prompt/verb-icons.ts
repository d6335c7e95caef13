/** What one run of the model does, as pictures. */
import {
  Blend,
  Expand,
  Film,
  Images,
  type LucideIcon,
  Map,
  PaintBucket,
  RefreshCw,
  Sparkles,
  WandSparkles,
} from 'lucide-react'
import type { Verb } from '../../studio/studio-state.ts'

export const verbIcons: Readonly<Record<Verb, LucideIcon>> = {
  generate: Sparkles,
  restyle: WandSparkles,
  fill: PaintBucket,
  extend: Expand,
  vary: Images,
  interpolate: Film,
  regions: Map,
  gradient: Blend,
  reroll: RefreshCw,
}
