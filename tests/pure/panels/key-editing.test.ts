import { describe, expect, test } from 'vitest'
import { type ActionId, actions, newKeymap, type Overrides, parseChord, writeChord } from '../../../src/editor/index.ts'
import {
  findActions,
  isPossible,
  ownerOf,
  withChord,
  withDefaults,
  withoutKeys,
} from '../../../src/renderer/src/dialogs/key-editing.ts'
import { strings } from '../../../src/renderer/src/strings/strings.ts'
import { choices } from '../document/random.ts'

const chord = (text: string) => {
  const parsed = parseChord(text)
  if (parsed === null) throw new Error(`'${text}' is no chord`)
  return parsed
}
const keysOf = (keys: Overrides, action: ActionId) => newKeymap('other', keys).chords(action).map(writeChord)

describe('a chord', () => {
  test('belongs to the action that has it by default', () => {
    expect(ownerOf(chord('B'), {}, 'other', 'tool.hand')).toBe('tool.brush')
    expect(ownerOf(chord('Ctrl+Y'), {}, 'other', 'tool.hand')).toBe('edit.redo')
    expect(ownerOf(chord('Ctrl+Y'), {}, 'mac', 'tool.hand')).toBeNull()
  })

  test('is no conflict with the action itself', () => {
    expect(ownerOf(chord('B'), {}, 'other', 'tool.brush')).toBeNull()
  })

  test('that is free becomes the one key of an action, and changes no other', () => {
    const keys = withChord({}, 'other', 'file.export', chord('Ctrl+Shift+E'))
    const free = withChord({}, 'other', 'file.export', chord('Alt+X'))
    expect(free).toEqual({ 'file.export': ['Alt+X'] })
    expect(keys['layer.mergeVisible']).toEqual([])
  })

  test('is taken from who had it, who keeps the others', () => {
    const keys = withChord({}, 'other', 'file.export', chord('Ctrl+Y'))
    expect(keysOf(keys, 'file.export')).toEqual(['Ctrl+Y'])
    expect(keysOf(keys, 'edit.redo')).toEqual(['Ctrl+Shift+Z'])
  })

  test('that cannot be typed or would lock the keyboard in is refused', () => {
    const plain = { ctrl: false, alt: false, shift: false }
    for (const key of ['Escape', 'Enter', 'Space', 'Shift', 'Control', 'Dead']) {
      expect(isPossible({ ...plain, key })).toBe(false)
    }
    expect(isPossible({ ...plain, shift: true, key: 'Tab' })).toBe(false)
    for (const text of ['F5', 'Ctrl+Enter', 'Tab', 'Alt+ArrowUp', '?']) expect(isPossible(chord(text))).toBe(true)
  })
})

describe('resetting', () => {
  test('one action takes its default keys back from who has them now', () => {
    const keys = withChord({}, 'other', 'tool.hand', chord('B'))
    const reset = withDefaults(keys, 'other', 'tool.brush')
    expect(keysOf(reset, 'tool.brush')).toEqual(['B'])
    expect(keysOf(reset, 'tool.hand')).toEqual([])
  })

  test('an action whose keys were removed gives them back', () => {
    const keys = withoutKeys({}, 'edit.redo')
    expect(keysOf(keys, 'edit.redo')).toEqual([])
    expect(withDefaults(keys, 'other', 'edit.redo')).toEqual({})
  })
})

test('whatever is changed and reset in whatever order, no two actions have the same chord', () => {
  const random = choices(11)
  const chords = actions.flatMap(({ keys }) => keys).map(chord)
  let keys: Overrides = {}
  for (let i = 0; i < 300; i++) {
    const { id } = random.pick<(typeof actions)[number]>(actions)
    const step = random.int(4)
    if (step === 0) keys = withDefaults(keys, 'other', id)
    else if (step === 1) keys = withoutKeys(keys, id)
    else keys = withChord(keys, 'other', id, chords[random.int(chords.length)] ?? chord('F9'))
    expect(newKeymap('other', keys).conflicts()).toEqual([])
  }
})

describe('the search', () => {
  const find = (text: string, keys: Overrides = {}) => findActions(text, keys, 'other', strings)

  test('finds all for an empty text', () => {
    expect(find('')).toHaveLength(actions.length)
    expect(find('   ')).toHaveLength(actions.length)
  })

  test('finds by name, by heading and by keys, whatever their case', () => {
    expect(find('LASSO')).toEqual(['tool.select-lasso'])
    expect(find('selection')).toContain('select.all')
    expect(find('ctrl+shift+z')).toEqual(['edit.redo'])
  })

  test("finds by a person's own keys", () => {
    expect(find('alt+x', { 'file.export': ['Alt+X'] })).toEqual(['file.export'])
    expect(find('alt+x')).toEqual([])
  })
})
