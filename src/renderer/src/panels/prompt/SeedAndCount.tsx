/** How many pictures a run makes, and the seed that they come from: kept, shuffled, or counted up. */
import { Dices, Images, Lock, LockOpen, Plus } from 'lucide-react'
import { useStudio, useStudioState } from '../../state/use-studio.tsx'
import { strings } from '../../strings/strings.ts'
import { IconButton } from '../controls/IconButton.tsx'
import { NumberInput } from '../controls/NumberInput.tsx'
import { Tip } from '../controls/Tip.tsx'

const words = strings.prompt
/** Seeds up to here are short enough to be read and typed. */
const seeds = 2 ** 32

export function SeedAndCount() {
  const studio = useStudio()
  const { seed, seedLocked, count } = useStudioState(({ generation }) => generation.settings)
  return (
    <>
      <Tip label={words.count} side="top">
        <span className="prompt-setting">
          <NumberInput
            label={words.count}
            text={<Images className="icon" aria-hidden />}
            value={count}
            min={1}
            max={16}
            width={2}
            onChange={(value) => studio.setGeneration({ count: value })}
          />
        </span>
      </Tip>
      <span className="prompt-setting">
        <NumberInput
          label={words.seed}
          value={seed}
          min={0}
          max={seeds - 1}
          width={10}
          // Whoever types a seed means it.
          onChange={(value) => studio.setGeneration({ seed: value, seedLocked: true })}
        />
        <IconButton
          label={words.lockSeed}
          icon={seedLocked ? Lock : LockOpen}
          pressed={seedLocked}
          side="top"
          className="is-small"
          onClick={() => studio.setGeneration({ seedLocked: !seedLocked })}
        />
        <IconButton
          label={words.newSeed}
          icon={Dices}
          side="top"
          className="is-small"
          onClick={() => studio.setGeneration({ seed: Math.floor(Math.random() * seeds) })}
        />
        <IconButton
          label={words.nextSeed}
          icon={Plus}
          side="top"
          className="is-small"
          onClick={() => studio.setGeneration({ seed: (seed + 1) % seeds, seedLocked: true })}
        />
      </span>
    </>
  )
}
