/** The colours of what lies above the picture, from the style sheet of the window; told again when the theme changes. */
export interface Theme {
  readonly accent: string
  /** On the accent. */
  readonly onAccent: string
  /** Around the picture. */
  readonly line: string
}

const names = { accent: '--accent', onAccent: '--on-accent', line: '--line' } as const
const fallback: Theme = { accent: '#f2a33c', onAccent: '#241705', line: '#34373e' }

/**
 * As the browser computes them within `element`: a custom property may say two colours, one for each theme. Makes the browser
 * compute styles: not for every frame.
 */
export function readTheme(element: Element): Theme {
  const probe = document.createElement('div')
  probe.style.display = 'none'
  element.append(probe)
  const read = (name: keyof Theme): string => {
    probe.style.color = `var(${names[name]}, ${fallback[name]})`
    return getComputedStyle(probe).color
  }
  const theme = { accent: read('accent'), onAccent: read('onAccent'), line: read('line') }
  probe.remove()
  return theme
}

/** The system's wishes, and whatever the window marks its root with. Returns what ends it. */
export function onThemeChange(listener: () => void): () => void {
  const queries = ['(prefers-color-scheme: dark)', '(prefers-contrast: more)'].map((query) => matchMedia(query))
  const root = new MutationObserver(listener)
  for (const query of queries) query.addEventListener('change', listener)
  root.observe(document.documentElement, { attributes: true })
  return () => {
    for (const query of queries) query.removeEventListener('change', listener)
    root.disconnect()
  }
}
