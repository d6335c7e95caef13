/** Items 1 and 5 of Electron's security checklist: what pages may ask for, and what may be loaded. */
import { describe, expect, test } from 'vitest'
import { isLoadable } from '../../../src/main/security/network.ts'
import { isPermitted } from '../../../src/main/security/permissions.ts'

describe('a permission', () => {
  test('is granted for one thing, to our own page', () => {
    expect(isPermitted('clipboard-sanitized-write', 'app://studio/')).toBe(true)
    expect(isPermitted('clipboard-sanitized-write', 'app://studio')).toBe(true)
  })

  test.each(['', 'null', 'https://evil.example', 'app://evil/', 'file:///'])('is not granted to %j', (address) => {
    expect(isPermitted('clipboard-sanitized-write', address)).toBe(false)
  })

  test.each([
    'clipboard-read',
    'media',
    'geolocation',
    'notifications',
    'fileSystem',
    'openExternal',
    'local-fonts',
    'usb',
    'unknown',
    '',
  ])('%j is not granted to anybody', (permission) => {
    expect(isPermitted(permission, 'app://studio/')).toBe(false)
  })
})

describe('an address', () => {
  test.each([
    'app://studio/',
    'app://studio/assets/a.js',
    'blob:app://studio/1',
    'data:image/png;base64,',
    'devtools://devtools/a',
  ])('like %s may be loaded', (address) => {
    expect(isLoadable(address)).toBe(true)
  })

  test.each([
    'http://127.0.0.1/',
    'https://arxiv.org/',
    'ws://localhost/',
    'wss://a/',
    'ftp://a/',
    'file:///etc/passwd',
    'app://evil/',
    'chrome://gpu',
    '',
  ])('like %s may not', (address) => {
    expect(isLoadable(address)).toBe(false)
  })
})
