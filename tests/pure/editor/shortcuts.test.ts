/** Chords in text and in key events, and which action they reach from where. */
import { describe, expect, it } from 'vitest'
import { actions } from '../../../src/editor/actions.ts'
import { chordsOf, formatChord, parseChord, writeChord } from '../../../src/editor/chord.ts'
import type { Focus, KeyInput, Modifiers } from '../../../src/editor/input.ts'
import { newKeymap } from '../../../src/editor/shortcuts.ts'

const press = (key: string, code: string, modifiers: Partial<Modifiers> = {}): KeyInput => ({
  type: 'keydown',
  key,
  code,
  repeat: false,
  focus: 'canvas',
  modifiers: { shift: false, alt: false, ctrl: false, ...modifiers },
})

describe('a chord', () => {
  it.each([
    'B',
    'Ctrl+Z',
    'Ctrl+Shift+Enter',
    'Alt+[',
    'Ctrl++',
    'Ctrl+-',
    '+',
    '?',
    'F1',
    'Space',
    'Ctrl+Alt+Shift+ArrowUp',
  ])('reads and writes %s', (text) => {
    expect(writeChord(parseChord(text)!)).toBe(text)
  })

  it('reads modifiers in any order and letters of any case', () => {
    expect(writeChord(parseChord('Shift+Ctrl+z')!)).toBe('Ctrl+Shift+Z')
  })

  it.each(['', 'Ctrl', 'Ctrl+', 'Hyper+Z', 'Ctrl+Ctrl+Z', 'Ctrl+Nope', 'é', 'ctrl+z', 'Shift+'])(
    'is not read from %j',
    (text) => {
      expect(parseChord(text)).toBeNull()
    },
  )

  it('is shown as the platform shows it', () => {
    const chord = parseChord('Ctrl+Alt+Shift+ArrowUp')!
    expect(formatChord(chord, 'other')).toBe('Ctrl+Alt+Shift+↑')
    expect(formatChord(chord, 'mac')).toBe('⌥⇧⌘↑')
    expect(formatChord(parseChord('Ctrl+Enter')!, 'mac')).toBe('⌘↩')
  })

  it.each([
    ['a capital by Caps Lock', press('B', 'KeyB'), 'B'],
    ['another script by its place', press('я', 'KeyZ', { ctrl: true }), 'Ctrl+Z'],
    ['what macOS types with Alt by its place', press('å', 'KeyA', { alt: true }), 'Alt+A'],
    ['a digit that needs Shift by its place', press('&', 'Digit1', { ctrl: true }), 'Ctrl+1'],
    ['the brace of Shift+[', press('{', 'BracketLeft', { shift: true }), 'Shift+['],
    ['the space bar', press(' ', 'Space'), 'Space'],
    ['a letter of another layout by what it types', press('q', 'KeyA'), 'Q'],
  ])('is recognised in %s', (_, event, text) => {
    expect(writeChord(chordsOf(event)[0]!)).toBe(text)
  })

  it('is also recognised by the sign it types, with Shift or AltGr', () => {
    expect(chordsOf(press('?', 'Minus', { shift: true })).map(writeChord)).toContain('?')
    expect(chordsOf(press('[', 'Digit8', { ctrl: true, alt: true })).map(writeChord)).toContain('[')
  })
})

describe('the default keys', () => {
  it.each(['mac', 'other'] as const)('conflict nowhere and all can be read (%s)', (platform) => {
    const keymap = newKeymap(platform)
    expect(keymap.conflicts()).toEqual([])
    for (const action of actions) {
      for (const keys of [...action.keys, ...('mac' in action ? action.mac : [])])
        expect(parseChord(keys), keys).not.toBeNull()
    }
  })

  it('name every action once', () => {
    expect(new Set(actions.map(({ id }) => id)).size).toBe(actions.length)
  })

  it.each([
    ['b', 'KeyB', {}, 'tool.brush'],
    ['z', 'KeyZ', { ctrl: true }, 'edit.undo'],
    ['Z', 'KeyZ', { ctrl: true, shift: true }, 'edit.redo'],
    ['y', 'KeyY', { ctrl: true }, 'edit.redo'],
    ['0', 'Digit0', { ctrl: true }, 'view.fit'],
    ['=', 'Equal', { ctrl: true }, 'view.zoomIn'],
    ['+', 'NumpadAdd', { ctrl: true }, 'view.zoomIn'],
    ['+', 'BracketRight', { ctrl: true }, 'view.zoomIn'],
    ['}', 'BracketRight', { shift: true }, 'brush.harder'],
    ['?', 'Slash', { shift: true }, 'help.shortcuts'],
    ['Enter', 'Enter', { ctrl: true }, 'generate.run'],
  ] as const)('have %s (%s) with %j mean %s', (key, code, modifiers, action) => {
    expect(newKeymap('other').lookup(press(key, code, modifiers), 'canvas')).toBe(action)
  })

  it('differ on macOS where the table says so', () => {
    expect(newKeymap('mac').lookup(press('y', 'KeyY', { ctrl: true }), 'canvas')).toBeNull()
  })
})

describe('a scope', () => {
  const keymap = newKeymap('other')
  it.each([
    ['Tab', {}, { canvas: 'view.panels', panel: null, text: null }],
    ['b', {}, { canvas: 'tool.brush', panel: 'tool.brush', text: null }],
    ['z', { ctrl: true }, { canvas: 'edit.undo', panel: 'edit.undo', text: null }],
    ['s', { ctrl: true }, { canvas: 'file.save', panel: 'file.save', text: 'file.save' }],
  ] as const)('decides where %s with %j reaches', (key, modifiers, expected) => {
    const code = key.length === 1 ? `Key${key.toUpperCase()}` : key
    for (const focus of ['canvas', 'panel', 'text'] as const satisfies Focus[]) {
      expect(keymap.lookup(press(key, code, modifiers), focus), focus).toBe(expected[focus])
    }
  })

  it('of staged results counts only while there are some, never in text fields, and before all others', () => {
    const right = press('ArrowRight', 'ArrowRight')
    expect(keymap.lookup(right, 'canvas')).toBeNull()
    expect(keymap.lookup(right, 'canvas', true)).toBe('staging.next')
    expect(keymap.lookup(right, 'panel', true)).toBe('staging.next')
    expect(keymap.lookup(right, 'text', true)).toBeNull()
    const own = newKeymap('other', { 'tool.brush': ['Escape'] })
    expect(own.lookup(press('Escape', 'Escape'), 'canvas')).toBe('tool.brush')
    expect(own.lookup(press('Escape', 'Escape'), 'canvas', true)).toBe('staging.discard')
  })

  it('never takes a plain letter from a text field, whatever is bound to it', () => {
    const keymap = newKeymap('other', { 'file.save': ['S', 'Shift+S', 'Alt+S'] })
    expect(keymap.lookup(press('s', 'KeyS'), 'canvas')).toBe('file.save')
    expect(keymap.lookup(press('s', 'KeyS'), 'text')).toBeNull()
    expect(keymap.lookup(press('S', 'KeyS', { shift: true }), 'text')).toBeNull()
    expect(keymap.lookup(press('s', 'KeyS', { alt: true }), 'text')).toBe('file.save')
  })
})

describe('own keys', () => {
  it('replace the defaults of their action, and an empty list takes them away', () => {
    const keymap = newKeymap('other', { 'tool.brush': ['P'], 'tool.hand': [] })
    expect(keymap.lookup(press('p', 'KeyP'), 'canvas')).toBe('tool.brush')
    expect(keymap.lookup(press('b', 'KeyB'), 'canvas')).toBeNull()
    expect(keymap.lookup(press('h', 'KeyH'), 'canvas')).toBeNull()
    expect(keymap.chords('tool.brush').map(writeChord)).toEqual(['P'])
  })

  it('that claim a taken chord are a conflict, however they are written', () => {
    const keymap = newKeymap('other', { 'file.export': ['Shift+Ctrl+z'] })
    expect(keymap.conflicts()).toEqual([{ keys: 'Ctrl+Shift+Z', actions: ['file.export', 'edit.redo'] }])
  })

  it('that nobody can read are left out', () => {
    expect(newKeymap('other', { 'tool.brush': ['Hyper+B', 'P'] }).chords('tool.brush')).toHaveLength(1)
  })
})
