/** All that the model can do, to be chosen for the button: 'Auto' first, and by what cannot be done now stands why not. */
import { Menu } from '@base-ui/react/menu'
import { ChevronDown, type LucideIcon, Wand } from 'lucide-react'
import { useRef } from 'react'
import type { ActionId } from '../../../../editor/index.ts'
import { useStudio, useStudioState } from '../../state/use-studio.tsx'
import { strings } from '../../strings/strings.ts'
import type { Verb } from '../../studio/studio-state.ts'
import { useKeys } from '../controls/keys.ts'
import { verbIcons } from './verb-icons.ts'

const words = strings.prompt

export function VerbMenu() {
  const studio = useStudio()
  const { verb, wanted, choices } = useStudioState(({ generation }) => ({
    verb: generation.verb,
    wanted: generation.settings.wanted,
    choices: generation.choices,
  }))
  const trigger = useRef<HTMLButtonElement>(null)
  return (
    <Menu.Root>
      <Menu.Trigger ref={trigger} className="button is-accent run-more" aria-label={words.choose} title={words.choose}>
        <ChevronDown className="icon" aria-hidden />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner
          className="layer-popup"
          side="top"
          align="end"
          sideOffset={8}
          collisionPadding={8}
          anchor={() => trigger.current?.closest('.prompt-dock') ?? null}
        >
          <Menu.Popup className="popup menu-popup verb-menu">
            <Menu.RadioGroup
              value={wanted}
              onValueChange={(next: Verb | 'auto') => studio.setGeneration({ wanted: next })}
            >
              <Choice
                value="auto"
                action="generate.as.auto"
                icon={Wand}
                name={words.auto}
                text={wanted === 'auto' ? words.autoText(words.verbs[verb]) : words.autoAny}
              />
              <Menu.Separator className="menu-line" />
              {choices.map((choice) => (
                <Choice
                  key={choice.verb}
                  value={choice.verb}
                  action={`generate.as.${choice.verb}`}
                  icon={verbIcons[choice.verb]}
                  name={words.verbs[choice.verb]}
                  text={choice.blocked ?? words.verbTexts[choice.verb]}
                  isBlocked={choice.blocked !== null}
                />
              ))}
            </Menu.RadioGroup>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}

interface ChoiceProps {
  readonly value: Verb | 'auto'
  readonly action: ActionId
  readonly icon: LucideIcon
  readonly name: string
  readonly text: string
  readonly isBlocked?: boolean
}

function Choice({ value, action, icon: Icon, name, text, isBlocked = false }: ChoiceProps) {
  const keys = useKeys(action)
  return (
    <Menu.RadioItem className="menu-item verb-choice" value={value} label={name} disabled={isBlocked} closeOnClick>
      <Icon className="icon" aria-hidden />
      <span className="verb-name">{name}</span>
      <span className="verb-text">{text}</span>
      {keys !== null && <kbd className="menu-keys">{keys}</kbd>}
    </Menu.RadioItem>
  )
}
