/**
 * The trash of Linux desktops, by freedesktop.org's specification 1.0: the file goes to `Trash/files`, and where it came from and
 * when stands in `Trash/info`, written first, which takes the name for both. Files of other disks are refused (EXDEV).
 */
import { basename, extname, join } from 'node:path'
import { type Storage, systemCode, writeFully } from '../files/storage.ts'
import { writeFailure } from '../files/write-failure.ts'
import { moveBack, type Trash } from './trash.ts'

/** @param home the person's, @param dataHome what XDG_DATA_HOME says */
export function desktopTrashFolder(home: string, dataHome: string | undefined): string {
  // The XDG specification says to ignore a relative path.
  return join(dataHome?.startsWith('/') ? dataHome : join(home, '.local', 'share'), 'Trash')
}

export function desktopTrash(storage: Storage, folder: string): Trash {
  const [files, infos] = [join(folder, 'files'), join(folder, 'info')]
  return {
    async put(path) {
      await storage.info(path)
      try {
        for (const part of [files, infos]) await storage.makeFolder(part)
        const name = await takeName(storage, files, infos, path)
        const [kept, info] = [join(files, name), join(infos, `${name}.trashinfo`)]
        try {
          await storage.rename(path, kept)
        } catch (error) {
          await storage.unlink(info)
          throw error
        }
        return {
          async restore() {
            const back = await moveBack(storage, kept, path)
            await storage.unlink(info).catch(() => undefined)
            return back
          },
        }
      } catch (error) {
        throw writeFailure(path, error)
      }
    },
  }
}

/** The file's own name, or the first with a number that neither folder has; its info stands then. */
async function takeName(storage: Storage, files: string, infos: string, path: string): Promise<string> {
  const extension = extname(path)
  const stem = basename(path, extension)
  for (let copy = 1; ; copy++) {
    const name = copy === 1 ? `${stem}${extension}` : `${stem}.${copy}${extension}`
    if (await isThere(storage, join(files, name))) continue
    if (await writeInfo(storage, join(infos, `${name}.trashinfo`), path)) return name
  }
}

/** False where the name is taken. */
async function writeInfo(storage: Storage, info: string, path: string): Promise<boolean> {
  try {
    const file = await storage.open(info, 'wx', 0o600)
    try {
      const escaped = path.split('/').map(encodeURIComponent).join('/')
      const text = `[Trash Info]\nPath=${escaped}\nDeletionDate=${localTime(new Date())}\n`
      await writeFully(file, Buffer.from(text))
    } finally {
      await file.close()
    }
    return true
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false
    throw error
  }
}

async function isThere(storage: Storage, path: string): Promise<boolean> {
  return await storage.info(path).then(
    () => true,
    () => false,
  )
}

/** YYYY-MM-DDThh:mm:ss by the clock on the wall. */
function localTime(time: Date): string {
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
}
