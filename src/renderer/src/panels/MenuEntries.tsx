/** Entries of a menu, from data to the page; the same for the menu bar and for menus under the pointer. */
import { Menu } from '@base-ui/react/menu'
import { Check, ChevronRight } from 'lucide-react'
import { formatChord, parseChord } from '../../../editor/index.ts'
import type { MenuItem } from '../../../shared/contract/desktop-api.ts'
import { useStudio, useStudioState } from '../state/use-studio.tsx'
import { strings } from '../strings/strings.ts'
import type { StudioModel } from '../studio/studio-model.ts'
import { platformOf } from './controls/keys.ts'
import { runCommand } from './page-actions.ts'

interface Props {
  /** Called for every state while the menu is open, so that it never shows what is no longer so. */
  readonly items: (studio: StudioModel, words: typeof strings) => readonly MenuItem[]
}

export function MenuEntries({ items }: Props) {
  const studio = useStudio()
  useStudioState((state) => state)
  return <Entries items={items(studio, strings)} />
}

function Entries({ items }: { readonly items: readonly MenuItem[] }) {
  return items.map((item, i) => {
    switch (item.type) {
      case 'separator':
        // biome-ignore lint: lines have no name of their own
        return <Menu.Separator key={`line ${i}`} className="menu-line" />
      case 'submenu':
        return <Submenu key={item.label} label={item.label} items={item.items} />
      case 'item':
        return <Entry key={item.action + item.label} item={item} />
    }
  })
}

function Entry({ item }: { readonly item: Extract<MenuItem, { type: 'item' }> }) {
  const studio = useStudio()
  const platform = useStudioState(platformOf)
  const chord = item.keys === null ? null : parseChord(item.keys)
  // The menu gives the focus back when it closes; what is asked for may want it elsewhere, so it comes after.
  const run = (): void => void setTimeout(() => runCommand(studio, item.action))
  const content = (
    <>
      <span className="menu-text">{item.label}</span>
      {chord !== null && <kbd className="menu-keys">{formatChord(chord, platform)}</kbd>}
    </>
  )
  if (item.checked === undefined) {
    return (
      <Menu.Item className="menu-item" disabled={!item.enabled} onClick={run}>
        {content}
      </Menu.Item>
    )
  }
  return (
    <Menu.CheckboxItem
      className="menu-item"
      closeOnClick
      disabled={!item.enabled}
      checked={item.checked}
      onCheckedChange={run}
    >
      <Menu.CheckboxItemIndicator className="menu-check">
        <Check className="icon" aria-hidden />
      </Menu.CheckboxItemIndicator>
      {content}
    </Menu.CheckboxItem>
  )
}

function Submenu({ label, items }: { readonly label: string; readonly items: readonly MenuItem[] }) {
  return (
    <Menu.SubmenuRoot>
      <Menu.SubmenuTrigger className="menu-item">
        <span className="menu-text">{label}</span>
        <ChevronRight className="icon menu-more" aria-hidden />
      </Menu.SubmenuTrigger>
      <Menu.Portal>
        <Menu.Positioner className="layer-popup" sideOffset={2} alignOffset={-5}>
          <Menu.Popup className="popup menu-popup">
            <Entries items={items} />
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.SubmenuRoot>
  )
}
