import { describe, expect, test } from 'vitest'
import type { Rect, Size } from '../../../src/shared/geometry/rect.ts'
import { type Piece, planPieces, type Presence, type TileRef } from '../../../src/renderer/src/canvas/tile-plan.ts'

const canvas: Size = { width: 1000, height: 600 }
const all: Rect = { x: 0, y: 0, ...canvas }
const name = ({ level, column, row }: TileRef): string => `${level}:${column},${row}`

/** Tiles by name; those that end in ~ are there in part. */
const known =
  (...names: string[]) =>
  (tile: TileRef): Presence =>
    names.includes(name(tile)) ? 'whole' : names.includes(`${name(tile)}~`) ? 'part' : 'none'

const told = (pieces: readonly Piece[]): string[] =>
  pieces.map(({ tile, area, isOver }) => `${tile ? name(tile) : 'blank'} ${area.x},${area.y}${isOver ? ' over' : ''}`)

const plan = (level: number, area: Rect, ...names: string[]): string[] =>
  told(planPieces(level, area, canvas, known(...names)))

describe('the plan of what is drawn', () => {
  test('is the tiles of the level where they are there', () => {
    expect(plan(1, all, '1:0,0', '1:1,0', '1:0,1', '1:1,1')).toEqual([
      '1:0,0 0,0',
      '1:1,0 512,0',
      '1:0,1 0,512',
      '1:1,1 512,512',
    ])
  })

  test('goes only through the tiles that the area touches', () => {
    expect(plan(0, { x: 256, y: 255, width: 256, height: 1 }, '0:1,0')).toEqual(['0:1,0 256,0'])
  })

  test('ends at the borders of the canvas', () => {
    const pieces = planPieces(1, all, canvas, known('1:1,1'))
    expect(pieces.at(-1)?.area).toEqual({ x: 512, y: 512, width: 488, height: 88 })
  })

  test('takes a coarser tile where there is none, but only for the part that is missing', () => {
    const pieces = planPieces(0, { x: 300, y: 0, width: 10, height: 10 }, canvas, known('2:0,0'))
    expect(pieces).toEqual([
      { area: { x: 256, y: 0, width: 256, height: 256 }, tile: { level: 2, column: 0, row: 0 }, isOver: false },
    ])
  })

  test('takes the nearest coarser one', () => {
    expect(plan(0, { x: 0, y: 0, width: 1, height: 1 }, '1:0,0', '2:0,0')).toEqual(['1:0,0 0,0'])
  })

  test('takes finer tiles where they cover all of it, before a coarser one', () => {
    const finer = ['0:0,0', '0:1,0', '0:0,1', '0:1,1']
    expect(plan(1, { x: 0, y: 0, width: 1, height: 1 }, ...finer, '2:0,0')).toEqual([
      '0:0,0 0,0',
      '0:1,0 256,0',
      '0:0,1 0,256',
      '0:1,1 256,256',
    ])
    expect(plan(1, { x: 0, y: 0, width: 1, height: 1 }, '0:0,0', '2:0,0')).toEqual(['2:0,0 0,0'])
  })

  test('counts finer tiles as complete where the rest would lie beside the canvas', () => {
    const last = { x: 999, y: 599, width: 1, height: 1 }
    expect(plan(1, last, '0:2,2', '0:3,2')).toEqual(['0:2,2 512,512', '0:3,2 768,512'])
  })

  test('mixes finer and still finer ones', () => {
    const sixteen = [0, 1].flatMap((y) => [0, 1].map((x) => `0:${x},${y}`))
    expect(plan(2, { x: 0, y: 0, width: 1, height: 1 }, '1:1,0', '1:0,1', '1:1,1', ...sixteen)).toEqual([
      '0:0,0 0,0',
      '0:1,0 256,0',
      '0:0,1 0,256',
      '0:1,1 256,256',
      '1:1,0 512,0',
      '1:0,1 0,512',
      '1:1,1 512,512',
    ])
  })

  test('shows what finer ones there are over a blank where nothing covers all of it', () => {
    expect(plan(1, { x: 0, y: 0, width: 1, height: 1 }, '0:1,1')).toEqual(['blank 0,0', '0:1,1 256,256 over'])
    expect(plan(0, { x: 0, y: 0, width: 1, height: 1 })).toEqual(['blank 0,0'])
  })

  test('lays a tile that has arrived in part over what stands in for it', () => {
    expect(plan(0, { x: 0, y: 0, width: 1, height: 1 }, '0:0,0~', '1:0,0')).toEqual(['1:0,0 0,0', '0:0,0 0,0 over'])
    expect(plan(0, { x: 0, y: 0, width: 1, height: 1 }, '1:0,0~')).toEqual(['blank 0,0'])
  })
})
