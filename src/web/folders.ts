/** Where the studio in a browser keeps what it remembers, and where it puts files: a page has no dialogs of the system. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Where this system keeps what programs remember. */
export function dataFolder(
  platform: NodeJS.Platform,
  environment: Readonly<Record<string, string | undefined>>,
  home: string,
): string {
  const folder = 'paella-studio'
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', folder)
  if (platform === 'win32') return join(environment['APPDATA'] || join(home, 'AppData', 'Roaming'), folder)
  const xdg = environment['XDG_DATA_HOME']
  // The XDG specification says to ignore a relative path.
  return join(xdg?.startsWith('/') ? xdg : join(home, '.local', 'share'), folder)
}

/** Beside the person's pictures where there is such a folder, else where the person is. */
export function saveFolder(home: string, here: string, exists: (path: string) => boolean = existsSync): string {
  const pictures = join(home, 'Pictures')
  return exists(pictures) ? join(pictures, 'Paella Studio') : here
}
