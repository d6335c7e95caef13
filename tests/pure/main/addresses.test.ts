/** Items 13, 15 and 17 of Electron's security checklist: where windows may go, who may call, what the browser may be given. */
import { describe, expect, test } from 'vitest'
import { appOrigin, externalAddress, isOwnAddress } from '../../../src/main/security/addresses.ts'

describe('a frame may go to, and call from', () => {
  test.each(['/', '/index.html', '/index.html?view=queue#layers'])("the app's own %s", (path) => {
    expect(isOwnAddress(appOrigin + path)).toBe(true)
  })
})

describe('a frame may not go to, nor call from', () => {
  test.each([
    '',
    'about:blank',
    'about:srcdoc',
    'javascript:alert(1)',
    'data:text/html,<script>1</script>',
    `blob:${appOrigin}/6a0b`,
    'file:///etc/passwd',
    'http://studio/',
    'https://studio/',
    'app://studio.evil/',
    'app://evil/studio',
    'app://studio@evil/',
    'app://user:secret@studio/',
    'app://studio:8080/',
    'app:studio',
    'appx://studio/',
    'http://127.0.0.1:5173/',
    'devtools://devtools/bundled/inspector.html',
    'chrome://gpu',
    'not an address',
  ])('%s', (address) => {
    expect(isOwnAddress(address)).toBe(false)
  })
})

describe('the browser is given', () => {
  test.each(['https://arxiv.org/abs/2211.07292', 'https://huggingface.co/dome272/Paella', 'https://github.com/'])(
    '%s',
    (address) => {
      expect(externalAddress(address)).toBe(address)
    },
  )
})

describe('the browser is never given', () => {
  test.each([
    'http://arxiv.org/',
    'https://arxiv.org.evil.example/',
    'https://evil.example/arxiv.org',
    'https://arxiv.org:8443/',
    'https://user@arxiv.org/',
    'https://arxiv.org@evil.example/',
    'file:///etc/passwd',
    'smb://server/share',
    '\\\\server\\share',
    'ms-settings:privacy',
    'javascript:alert(1)',
    'data:text/html,hello',
    'mailto:someone@example.org',
    '',
  ])('%s', (address) => {
    expect(externalAddress(address)).toBeUndefined()
  })
})
