/** What can be done with the selection there is. */
import { Menu } from '@base-ui/react/menu'
import { ChevronDown } from 'lucide-react'
import type { ActionId } from '../../../../editor/index.ts'
import { useStudio, useStudioState } from '../../state/use-studio.tsx'
import { strings } from '../../strings/strings.ts'
import { TextButton } from '../controls/TextButton.tsx'
import { useKeys } from '../controls/keys.ts'
import { Tip } from '../controls/Tip.tsx'
import { MenuEntries } from '../MenuEntries.tsx'
import { selectionMenu } from '../menus.ts'

const words = strings.options

const buttons: readonly (readonly (readonly [ActionId, string])[])[] = [
  [
    ['select.grow', words.grow],
    ['select.shrink', words.shrink],
    ['select.feather', words.feather],
    ['select.invert', words.invert],
    ['select.none', words.none],
  ],
  [
    ['select.toMask', words.toMask],
    ['select.toMaskLayer', words.toMaskLayer],
  ],
]

export function SelectionOptions() {
  return (
    <>
      {buttons.map((group) => (
        <span key={group[0]?.[0]} className="button-group" role="group" aria-label={words.selection}>
          {group.map(([action, text]) => (
            <ActionTextButton key={action} action={action} text={text} />
          ))}
        </span>
      ))}
      <MaskSwitch />
    </>
  )
}

/** The same and more as a menu, beside a brush that needs the room. */
export function SelectionMenu() {
  return (
    <>
      <Menu.Root>
        <Menu.Trigger className="button is-plain">
          {words.selection}
          <ChevronDown className="icon" aria-hidden />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner className="layer-popup" align="start" sideOffset={4}>
            <Menu.Popup className="popup menu-popup">
              <MenuEntries items={selectionMenu} />
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      <MaskSwitch />
    </>
  )
}

interface Props {
  readonly action: ActionId
  /** Shorter than the action's own name. */
  readonly text: string
}

export function ActionTextButton({ action, text }: Props) {
  const studio = useStudio()
  const enabled = useStudioState(() => studio.canAct(action))
  const keys = useKeys(action)
  return (
    <Tip label={strings.actions[action].replace('…', '')} keys={keys}>
      <TextButton disabled={!enabled} onClick={() => studio.act(action)}>
        {text}
      </TextButton>
    </Tip>
  )
}

function MaskSwitch() {
  const studio = useStudio()
  const isShown = useStudioState(({ maskShown }) => maskShown)
  const keys = useKeys('view.mask')
  return (
    <Tip label={strings.actions['view.mask']} keys={keys}>
      <TextButton pressed={isShown} onClick={() => studio.act('view.mask')}>
        {words.showMask}
      </TextButton>
    </Tip>
  )
}
