/** The colours of what lies above the picture, from the style sheet of the window; told again when the theme changes. */
export interface Theme {
  readonly accent: string
  /** On the accent. */
  readonly onAccent: string
  readonly line: string
}

const fallback: Theme = { accent: '#f2a33c', onAccent: '#241705', line: '#34373e' }

/** Makes the browser compute styles: not for every frame. */
export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement)
  const read = (name: string, otherwise: string) => style.getPropertyValue(name).trim() || otherwise
  return {
    accent: read('--accent', fallback.accent),
    onAccent: read('--on-accent', fallback.onAccent),
    line: read('--line', fallback.line),
  }
}

/** The system's theme, and whatever the window marks its root with. Returns what ends it. */
export function onThemeChange(listener: () => void): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)')
  const root = new MutationObserver(listener)
  system.addEventListener('change', listener)
  root.observe(document.documentElement, { attributes: true })
  return () => {
    system.removeEventListener('change', listener)
    root.disconnect()
  }
}
