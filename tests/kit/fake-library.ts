/**
 * A gallery of as many pictures as a test wants, and batches that are only planned: what is behind the gallery's pages and the
 * batch's form. Nothing is stored; a picture follows from its number. In a page its thumbnails are drawn, elsewhere they are empty.
 */
import type { GenerateRequest } from '../../src/shared/contract/request.ts'
import type { BatchPlan, BatchSpec } from '../../src/shared/contract/batch.ts'
import type { GalleryApi, GalleryPage, GalleryPicture } from '../../src/shared/contract/gallery-api.ts'
import { StudioError } from '../../src/shared/contract/errors.ts'
import type { FileSource } from '../../src/shared/contract/studio-api.ts'
import type { PromptRows } from '../../src/renderer/src/studio/batch-draft.ts'
import { dayOf } from '../../src/renderer/src/views/gallery/days.ts'

const subjects = [
  'a red fox in the snow',
  'a harbour in the evening, lamps in the windows',
  'a bowl of lemons',
  'an owl',
]
const uses: readonly GenerateRequest['use']['use'][] = [
  'text',
  'text',
  'inpaint',
  'vary',
  'text',
  'restyle',
  'outpaint',
]
const hour = 3_600_000

export class FakeLibrary {
  /** The newest first. */
  pictures: GalleryPicture[] = []
  /** Of every question asked of it. */
  readonly asked: { readonly name: string; readonly count: number }[] = []
  /** Told instead of an answer. */
  problem: string | null = null
  plans: Partial<BatchPlan> = {}
  readonly #days = new WeakMap<GalleryPicture, string>()

  /** So many pictures of the last days, about 40 a day. */
  fill(count: number): void {
    this.pictures = Array.from({ length: count }, (_, i) =>
      this.make(count - i, Date.now() - Math.floor(i * hour * 0.6)),
    )
  }

  make(number: number, madeAt: number, more: Partial<GalleryPicture> = {}): GalleryPicture {
    return {
      id: `p${number}`,
      madeAt,
      width: 256,
      height: number % 5 === 0 ? 384 : 256,
      prompt: `${subjects[number % subjects.length]}, no ${number}`,
      negative: number % 3 === 0 ? 'text, frame' : '',
      use: uses[number % uses.length] ?? 'text',
      seed: 1000 + number,
      model: 'paella-mini',
      starred: number % 11 === 0,
      partial: number % 17 === 0,
      path: `/home/ana/Pictures/Paella Studio/pictures/${dayOf(new Date(madeAt))}/${number}.png`,
      job: `job-${Math.floor(number / 4)}`,
      ...more,
    }
  }

  async listPictures({ filter, offset, limit }: Parameters<GalleryApi['listPictures']>[0]): Promise<GalleryPage> {
    this.asked.push({ name: 'listPictures', count: limit })
    if (this.problem !== null) throw new StudioError('file-not-found', this.problem)
    const words = filter.search.toLowerCase().split(/\s+/)
    const fits = this.pictures.filter(
      ({ prompt, negative, model, starred, use }) =>
        words.every((word) => `${prompt} ${negative} ${model}`.toLowerCase().includes(word)) &&
        (!filter.starred || starred) &&
        (filter.use === null || filter.use === use),
    )
    const days = new Map<string, number>()
    for (const picture of fits) {
      const day = this.#dayOf(picture)
      days.set(day, (days.get(day) ?? 0) + 1)
    }
    return {
      pictures: fits.slice(offset, offset + limit),
      total: fits.length,
      days: [...days].map(([day, count]) => ({ day, count })),
    }
  }

  #dayOf(picture: GalleryPicture): string {
    const known = this.#days.get(picture)
    if (known !== undefined) return known
    const day = dayOf(new Date(picture.madeAt))
    this.#days.set(picture, day)
    return day
  }

  async thumbnails({ ids }: { readonly ids: readonly string[] }): Promise<{ files: (Uint8Array | null)[] }> {
    this.asked.push({ name: 'thumbnails', count: ids.length })
    // Number 13 was removed behind our back.
    return {
      files: await Promise.all(ids.map((id) => (id === 'p13' ? Promise.resolve(null) : draw(id, 128, 'image/webp')))),
    }
  }

  async readPicture({ id }: { readonly id: string }): Promise<{ png: Uint8Array; picture: GalleryPicture }> {
    const picture = this.pictures.find((picture) => picture.id === id)
    if (picture === undefined) throw new StudioError('file-not-found', 'The file of this picture is gone.')
    return { png: await draw(id, 256, 'image/png'), picture }
  }

  change(ids: readonly string[], changes: Partial<GalleryPicture>): void {
    this.pictures = this.pictures.map((picture) => (ids.includes(picture.id) ? { ...picture, ...changes } : picture))
  }

  remove(ids: readonly string[]): void {
    this.pictures = this.pictures.filter(({ id }) => !ids.includes(id))
  }

  /** A prompt a line; 'bad' in a list is what it cannot read. */
  async readRows({ source }: { readonly source: FileSource }): Promise<{ rows: PromptRows }> {
    const text = source.kind === 'bytes' ? new TextDecoder().decode(source.bytes) : ''
    const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'))
    const bad = lines.findIndex((line) => line.includes('bad'))
    if (bad >= 0) throw new StudioError('bad-request', `Line ${bad + 1} of the list cannot be read.`)
    return { rows: lines.map((prompt) => ({ prompt, columns: { artist: 'ana' } })) }
  }

  async planBatch({ spec }: { readonly spec: BatchSpec }): Promise<BatchPlan> {
    this.asked.push({ name: 'planBatch', count: 1 })
    if (spec.name.includes('{nonsense}')) {
      throw new StudioError('bad-request', 'The file name has {nonsense}, which stands for nothing.')
    }
    const prompts =
      spec.source.kind === 'prompts' ? spec.source.rows.map(({ prompt }) => prompt) : ['morning.jpg', 'evening.jpg']
    const items = prompts.flatMap((prompt) =>
      Array.from({ length: spec.seeds }, (_, i) => ({ prompt, seed: spec.seed + i })),
    )
    const nameOf = (item: (typeof items)[number], index: number): string =>
      spec.name
        .replaceAll('{prompt}', item.prompt.replaceAll(/[^a-z0-9]+/gi, '-'))
        .replaceAll('{seed}', String(item.seed))
        .replaceAll('{index:5}', String(index).padStart(5, '0'))
    const first = items.slice(0, 20)
    const names = first.map((item, i) => `${nameOf(item, i)}.${spec.format.type === 'jpeg' ? 'jpg' : spec.format.type}`)
    return {
      items: items.length,
      names,
      prompts: first.map(({ prompt }) => prompt),
      finished: 0,
      warnings: [],
      ...this.plans,
    }
  }
}

/** A few shapes in colours of its own. */
async function draw(id: string, side: number, type: string): Promise<Uint8Array> {
  if (typeof OffscreenCanvas === 'undefined') return new Uint8Array()
  const number = Number(id.slice(1))
  const canvas = new OffscreenCanvas(side, number % 5 === 0 ? side * 1.5 : side)
  const context = canvas.getContext('2d')
  if (context === null) return new Uint8Array()
  const { width, height } = canvas
  const hue = (number * 47) % 360
  const sky = context.createLinearGradient(0, 0, 0, height)
  sky.addColorStop(0, `hsl(${hue} 45% 32%)`)
  sky.addColorStop(1, `hsl(${(hue + 40) % 360} 60% 70%)`)
  context.fillStyle = sky
  context.fillRect(0, 0, width, height)
  context.fillStyle = `hsl(${(hue + 60) % 360} 80% 85%)`
  context.beginPath()
  context.arc(width * (0.25 + (number % 7) / 14), height * 0.35, width * 0.1, 0, 7)
  context.fill()
  for (let hill = 0; hill < 3; hill++) {
    context.fillStyle = `hsl(${(hue + 200) % 360} 30% ${34 - hill * 9}%)`
    context.beginPath()
    context.moveTo(0, height)
    for (let x = 0; x <= width; x += 8) {
      context.lineTo(x, height * (0.6 + hill * 0.12) + Math.sin(x / (22 + hill * 9) + number + hill) * height * 0.06)
    }
    context.lineTo(width, height)
    context.fill()
  }
  return new Uint8Array(await (await canvas.convertToBlob({ type })).arrayBuffer())
}
