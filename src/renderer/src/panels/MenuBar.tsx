/** The menu bar where the system has none for us, and the menus under the pointer. */
import { ContextMenu } from '@base-ui/react/context-menu'
import { Menu } from '@base-ui/react/menu'
import { Menubar } from '@base-ui/react/menubar'
import type { ReactElement } from 'react'
import type { MenuItem } from '../../../shared/contract/desktop-api.ts'
import { useStudio, useStudioState } from '../state/use-studio.tsx'
import { strings } from '../strings/strings.ts'
import type { StudioModel } from '../studio/studio-model.ts'
import { platformOf } from './controls/keys.ts'
import { MenuEntries } from './MenuEntries.tsx'
import { studioMenus } from './menus.ts'

export function MenuBar() {
  const studio = useStudio()
  const platform = useStudioState(platformOf)
  return (
    <Menubar className="menubar" aria-label={strings.window.menuBar}>
      {studioMenus(studio, strings, platform).map(({ label }, i) => (
        <Menu.Root key={label}>
          <Menu.Trigger className="menubar-item">{label}</Menu.Trigger>
          <Menu.Portal>
            <Menu.Positioner className="layer-popup" align="start" sideOffset={2}>
              <Menu.Popup className="popup menu-popup">
                <MenuEntries items={() => studioMenus(studio, strings, platform)[i]?.items ?? []} />
              </Menu.Popup>
            </Menu.Positioner>
          </Menu.Portal>
        </Menu.Root>
      ))}
    </Menubar>
  )
}

interface PointerMenuProps {
  readonly items: (studio: StudioModel, words: typeof strings) => readonly MenuItem[]
  /** What the menu belongs to. */
  readonly children: ReactElement<Record<string, unknown>>
}

/** The menu of a right click, or of the keyboard's menu key. */
export function PointerMenu({ items, children }: PointerMenuProps) {
  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger render={children} />
      <ContextMenu.Portal>
        <ContextMenu.Positioner className="layer-popup">
          <ContextMenu.Popup className="popup menu-popup">
            <MenuEntries items={items} />
          </ContextMenu.Popup>
        </ContextMenu.Positioner>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  )
}
