/** What the programs take, in MB of memory that is really there (RSS), from /proc: Linux only. */
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import type { StudioPage } from '../kit/studio-page.ts'

export interface Memory {
  readonly studio: number
  readonly engine: number
  /** Chromium's process of the page, its worker included. */
  readonly renderer: number
  /** Chromium's process that composes what is on screen. */
  readonly gpu: number
  /** Of the page alone, without its worker; px lie outside of it. */
  readonly jsHeap: number
}

export async function memoryOf(opened: StudioPage): Promise<Memory> {
  const { page, pid } = opened
  const [renderer, gpu] = await chromiumSizes(page)
  return {
    studio: rss(pid),
    engine: opened.engines().reduce((sum, engine) => sum + rss(engine), 0),
    renderer,
    gpu,
    jsHeap: await heapOf(page),
  }
}

async function chromiumSizes(page: Page): Promise<[number, number]> {
  const browser = page.context().browser()
  if (browser === null) throw new Error('the page has no browser')
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  // Others of its kind serve nothing but Chromium's own pages.
  const largest = (type: string): number =>
    Math.max(0, ...processInfo.filter((found) => found.type.toLowerCase() === type).map(({ id }) => rss(id)))
  return [largest('renderer'), largest('gpu')]
}

async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  return Math.round(usedSize / 2 ** 20)
}

function rss(pid: number): number {
  try {
    const kb = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return Math.round(Number(kb ?? 0) / 1024)
  } catch {
    return 0
  }
}
