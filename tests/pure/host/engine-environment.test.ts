/** The cache folder of each system. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cacheFolder } from '../../../src/host/engine-environment.ts'

test('the cache is where the system keeps caches', () => {
  const home = '/home/ana'
  expect(cacheFolder('linux', {}, home)).toBe(join(home, '.cache', 'paella-studio'))
  expect(cacheFolder('linux', { XDG_CACHE_HOME: '/fast' }, home)).toBe(join('/fast', 'paella-studio'))
  expect(cacheFolder('linux', { XDG_CACHE_HOME: 'relative' }, home)).toBe(join(home, '.cache', 'paella-studio'))
  expect(cacheFolder('darwin', {}, home)).toBe(join(home, 'Library', 'Caches', 'paella-studio'))
  expect(cacheFolder('win32', { LOCALAPPDATA: '/local' }, home)).toBe(join('/local', 'paella-studio'))
})
