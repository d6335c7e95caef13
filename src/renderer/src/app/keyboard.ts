/**
 * Keys of the whole window: told to the editor, which knows what they mean where. Letters belong to the field that has the focus;
 * copy, cut and paste come as events of their own, because only those may reach the system's clipboard.
 */
import type { Focus, KeyInput, Modifiers } from '../../../editor/index.ts'
import type { Studio } from '../studio/studio.ts'

/** Elements that take typed letters or digits. */
const typing =
  'textarea, select, [contenteditable], [role="textbox"], [role="combobox"], input:not([type="checkbox"], [type="radio"], [type="range"], [type="button"])'
/** What works over a view; everything else is the canvas's, which lies hidden behind it. */
const overViews =
  /^(?:file|help|queue)\.|^view\.(?:gallery|queue|batch|fullscreen|theme|preferences|nextRegion)$|^generate\.(?:run|queue|cancel)$/

/** Elements that mean something by Space, Enter and arrows themselves. */
const widgets =
  'button, a, input, summary, [role="slider"], [role^="menu"], [role="treeitem"], [role="option"], [role="listbox"], [role="tab"], [role="radio"], [role="switch"]'

export function listenToKeys(studio: Studio, isMac: boolean): () => void {
  const modifiersOf = (event: KeyboardEvent): Modifiers => ({
    shift: event.shiftKey,
    alt: event.altKey,
    ctrl: isMac ? event.metaKey : event.ctrlKey,
  })

  const onKey = (event: KeyboardEvent): void => {
    // A dialog or a menu has the keyboard to itself.
    if (event.defaultPrevented || event.isComposing || isCaught(event.target)) return
    const focus = focusOf(event.target)
    const input: KeyInput = {
      type: event.type === 'keydown' ? 'keydown' : 'keyup',
      key: event.key,
      code: event.code,
      repeat: event.repeat,
      focus,
      modifiers: modifiersOf(event),
    }
    const action = studio.actionOf(input)
    if (input.type === 'keydown' && studio.state.view !== null && !overViews.test(action ?? '')) {
      // Views hear it themselves, unless what had the focus in them is gone.
      if (event.key === 'Escape') studio.setView(null)
      return
    }
    if (action === 'edit.copy' || action === 'edit.cut' || action === 'edit.paste') return
    const isWidgetKey =
      focus === 'panel' && isWidget(event.target) && /^( |Enter|Tab|Arrow\w+|Home|End|PageUp|PageDown)$/.test(event.key)
    if (isWidgetKey && !input.modifiers.ctrl && !input.modifiers.alt) return
    studio.dispatch(input)
    const isCanvasKey = focus === 'canvas' && /^( |Arrow\w+|Alt)$/.test(event.key)
    if ((action !== null || isCanvasKey) && event.type === 'keydown') event.preventDefault()
  }

  const onBlur = (): void => {
    studio.dispatch({ type: 'blur' })
    studio.windowLeft()
  }

  const onClipboard = (event: ClipboardEvent): void => {
    if (studio.state.view !== null) return
    if (isCaught(event.target) || focusOf(event.target) === 'text' || hasTextSelected()) return
    event.preventDefault()
    studio.copyOrPaste(event.type as 'copy' | 'cut' | 'paste', [...(event.clipboardData?.files ?? [])])
  }

  window.addEventListener('keydown', onKey)
  window.addEventListener('keyup', onKey)
  window.addEventListener('blur', onBlur)
  const clipboardEvents = ['copy', 'cut', 'paste'] as const
  for (const name of clipboardEvents) document.addEventListener(name, onClipboard)
  return () => {
    window.removeEventListener('keydown', onKey)
    window.removeEventListener('keyup', onKey)
    window.removeEventListener('blur', onBlur)
    for (const name of clipboardEvents) document.removeEventListener(name, onClipboard)
  }
}

function focusOf(target: EventTarget | null): Focus {
  if (!(target instanceof Element) || target === document.body) return 'canvas'
  if (target.matches(typing)) return 'text'
  return target.closest('[data-canvas]') === null ? 'panel' : 'canvas'
}

const isWidget = (target: EventTarget | null): boolean => target instanceof Element && target.matches(widgets)

/**
 * Overlays have the keyboard to themselves; lists and the menu bar of the window itself do not, nor has one that is on its way out:
 * what a person presses right after Esc is meant for the window.
 */
function isCaught(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false
  const overlay = target.closest('[role="dialog"], [role="alertdialog"], .popup')
  return overlay !== null && !overlay.matches('[data-closed], [data-ending-style]')
}

const hasTextSelected = (): boolean => (document.getSelection()?.toString() ?? '') !== ''
