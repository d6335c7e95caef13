/** Documents as JSON: the fixture of each version, migrations, and files that are broken or hostile. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { addRasterLayer, fromSnapshot, newDocument, readSnapshot, toSnapshot } from '../../../src/document/index.ts'

const fixtureOf = (version: number): string =>
  readFileSync(new URL(`./fixtures/version-${version}.json`, import.meta.url), 'utf8')
const fixture = fixtureOf(2)

type Json = Record<string, unknown>
interface Loose {
  format: string
  version: unknown
  records: Json[]
}
const parsed = (): Loose => JSON.parse(fixture) as Loose

const broken = expect.objectContaining({ code: 'document-broken', message: expect.stringMatching(/\.$/) as string })

describe('a snapshot', () => {
  test('D11 of version 1 opens as one whose layers no run has made', () => {
    const { records } = readSnapshot(fixtureOf(1))
    const layers = [...records.values()].filter((record) => record.kind === 'raster')
    expect(layers.map(({ generated }) => generated)).toEqual([null])
    expect(toSnapshot(records)).toEqual({
      ...JSON.parse(fixtureOf(1)),
      version: 2,
      records: parsed().records.map((record) => ('generated' in record ? { ...record, generated: null } : record)),
    })
  })

  test('D11 of version 2 opens, and is written as it was read', () => {
    const store = readSnapshot(fixture)
    expect(toSnapshot(store.records)).toEqual(JSON.parse(fixture))
    expect(store.canvas.frame.x).toBe(-8)
  })

  test('D10 of equal documents is equal, whichever way they were made', () => {
    const [one, two] = [newDocument({ width: 8, height: 8 }), newDocument({ width: 8, height: 8 })]
    addRasterLayer(one, { name: 'A' })
    const records = [...one.records.values()].reverse()
    two.edit('Put', (draft) => records.forEach((record) => draft.put(record)))
    expect(JSON.stringify(toSnapshot(two.records))).toBe(JSON.stringify(toSnapshot(one.records)))
  })

  test('D11 of an older version goes through every later step once, in order', () => {
    const rename = (records: readonly unknown[]) =>
      records.map((record) =>
        'title' in (record as Json) ? { ...(record as Json), name: (record as Json)['title'] } : record,
      )
    const drop = (records: readonly unknown[]) =>
      records.map((record) => {
        const { title: _, ...rest } = record as Json
        return rest
      })
    const old = parsed()
    old.records = old.records.map(({ name, ...rest }) => (name === undefined ? rest : { ...rest, title: name }))
    expect(toSnapshot(fromSnapshot({ ...old, version: 1 }, [rename, drop]).records).records).toEqual(parsed().records)
    expect(() => fromSnapshot({ ...old, version: 2 }, [rename, drop])).toThrow(broken)
    expect(toSnapshot(fromSnapshot({ ...parsed(), version: 3 }, [rename, drop]).records)).toEqual(parsed())
    expect(() => fromSnapshot({ ...parsed(), version: 4 }, [rename, drop])).toThrow(
      /newer Paella Studio \(format 4.*up to 3/,
    )
  })

  test('D11 that a migration stumbles over is broken, not our bug', () => {
    const step = () => {
      throw new TypeError('undefined is not a layer')
    }
    expect(() => fromSnapshot({ ...parsed(), version: 1 }, [step])).toThrow(broken)
  })

  const changes: readonly [string, (snapshot: Loose) => void][] = [
    ['of another format', (snapshot) => (snapshot.format = 'something')],
    ['of version 0', (snapshot) => (snapshot.version = 0)],
    ['of a newer version', (snapshot) => (snapshot.version = 3)],
    ['without version', (snapshot) => delete (snapshot as Partial<Loose>).version],
    ['without canvas', ({ records }) => records.shift()],
    ['without a parent', ({ records }) => records.splice(1, 1)],
    ['with a layer twice', ({ records }) => records.push({ ...records[1], order: 'a9' })],
    ['with two canvases', ({ records }) => records.push({ ...records[0], width: 5 })],
    ['with a layer called canvas', ({ records }) => ((records[3] ?? {})['id'] = 'canvas')],
    ['with two layers in one place', ({ records }) => ((records[3] ?? {})['order'] = 'a0')],
    ['with a group in itself', ({ records }) => ((records[1] ?? {})['parent'] = 'layer-1')],
    ['with a record that is null', ({ records }) => records.push(null as unknown as Json)],
    ['with an unknown kind', ({ records }) => ((records[2] ?? {})['kind'] = 'vector')],
    ['with an unknown field', ({ records }) => ((records[2] ?? {})['script'] = 'alert(1)')],
    ['with a field too few', ({ records }) => delete (records[2] ?? {})['name']],
    ['with a name too long', ({ records }) => ((records[2] ?? {})['name'] = 'x'.repeat(201))],
    ['with a canvas too large', ({ records }) => ((records[0] ?? {})['width'] = 1e9)],
    ['with a canvas of half px', ({ records }) => ((records[0] ?? {})['width'] = 10.5)],
    [
      'with a tile far out',
      ({ records }) => ((records[3] ?? {})['surface'] = { channels: 1, tiles: { '99999,0': 'a'.repeat(64) } }),
    ],
    [
      'with a tile that is a path',
      ({ records }) => ((records[3] ?? {})['surface'] = { channels: 1, tiles: { '0,0': '../../etc/passwd' } }),
    ],
    [
      'with a result that is not there',
      ({ records }) => Object.assign((records[2] ?? {})['generated'] as Json, { chosen: '7' }),
    ],
    [
      'with tokens that are no base64',
      ({ records }) => {
        const { candidates } = (records[2] ?? {})['generated'] as { candidates: Record<string, { confidence: string }> }
        Object.assign(candidates['0'] ?? {}, { confidence: '../..' })
      },
    ],
    ['with too many layers', ({ records }) => records.push(...Array.from({ length: 1001 }, () => ({})))],
  ]
  test.each(changes)('D11 %s is refused, with the next step', (_, change) => {
    const snapshot = parsed()
    change(snapshot)
    expect(() => fromSnapshot(snapshot)).toThrow(broken)
  })

  test.each([
    ['no JSON', '{'],
    ['nothing', ''],
    ['null', 'null'],
    ['a list', '[]'],
    ['a number', '1'],
  ])('D11 that is %s is refused', (_, text) => expect(() => readSnapshot(text)).toThrow(broken))

  test.each([
    ['a tile', '"tiles": {}', `"tiles": { "__proto__": "${'a'.repeat(64)}" }`],
    ['a field', '"isolated": true', '"isolated": true, "__proto__": { "locked": true }'],
    ['an id', '"id": "layer-3"', '"id": "__proto__"'],
  ])('D11 that smuggles in a prototype as %s is refused', (_, from, to) => {
    const hostile = fixture.replace(from, to)
    expect(hostile).not.toBe(fixture)
    expect(() => readSnapshot(hostile)).toThrow(broken)
  })
})
