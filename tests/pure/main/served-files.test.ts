/** Items 7 and 18 of Electron's security checklist: our own protocol serves the built renderer, with its policy, and no more. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contentSecurityPolicy } from '../../../src/main/security/content-policy.ts'
import { serveFile } from '../../../src/main/security/served-files.ts'

let folder: string
let root: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paella-served-'))
  root = join(folder, 'renderer')
  await mkdir(join(root, 'assets'), { recursive: true })
  // A neighbour whose name begins like the root's, and a secret beside it.
  await mkdir(join(folder, 'renderer-evil'))
  await writeFile(join(folder, 'renderer-evil', 'x.js'), 'evil')
  await writeFile(join(folder, 'secret.txt'), 'secret')
  await writeFile(join(root, 'index.html'), 'page')
  await writeFile(join(root, 'assets', 'index-Ab_1.js'), 'script')
  await writeFile(join(root, 'assets', 'program.exe'), 'binary')
  await symlink(join(folder, 'secret.txt'), join(root, 'link.txt'))
  await symlink(folder, join(root, 'up'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const get = async (address: string) => {
  const { status, headers, body } = await serveFile(root, new URL(address, 'app://studio/').pathname)
  return { status, headers, text: Buffer.from(body).toString() }
}

describe('served', () => {
  test.each([
    ['/', 'page', 'text/html; charset=utf-8'],
    ['/index.html', 'page', 'text/html; charset=utf-8'],
    ['/assets/index-Ab_1.js', 'script', 'text/javascript; charset=utf-8'],
    ['/%61ssets/index-Ab_1.js', 'script', 'text/javascript; charset=utf-8'],
  ])('%s', async (path, text, type) => {
    const answer = await get(path)
    expect(answer).toMatchObject({ status: 200, text })
    expect(answer.headers['content-type']).toBe(type)
  })

  test('with a policy that lets nothing in from outside and runs no strings', async () => {
    for (const path of ['/', '/assets/index-Ab_1.js', '/missing.js']) {
      expect((await get(path)).headers['content-security-policy']).toBe(contentSecurityPolicy)
    }
    expect(contentSecurityPolicy).toContain("default-src 'none'; script-src 'self';")
    expect(contentSecurityPolicy).not.toMatch(/unsafe|http|\*/)
  })
})

describe('not served', () => {
  test.each([
    '/missing.js',
    '/assets',
    '/assets/',
    '/assets/program.exe',
    '/link.txt',
    '/up/secret.txt',
    '/up/renderer/index.html/',
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/..%2f..%2fetc/passwd',
    '/%2e%2e%2fsecret.txt',
    '/%252e%252e%252fsecret.txt',
    '/..%5csecret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/..%2frenderer-evil/x.js',
    '/assets//index-Ab_1.js',
    '//etc/passwd',
    '/index.html%00.png',
    '/index.html.',
    '/index.html%20',
    '/index.html::$DATA',
    '/C:%5cWindows%5cwin.ini',
    '/%',
    '/%ff',
    '/.hidden',
  ])('%s', async (path) => {
    expect(await get(path)).toMatchObject({ status: 404, text: '' })
  })
})
