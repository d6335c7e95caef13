/**
 * What the shell does, as far as a page of a browser can: files are chosen with the browser's own dialog and come as bytes; names
 * to save by are asked for in the window, and lie in the studio's folder.
 */
import type { DesktopApi } from '../../../shared/contract/desktop-api.ts'
import { StudioError } from '../../../shared/contract/errors.ts'
import type { FileSource } from '../../../shared/contract/studio-api.ts'

const accepted = {
  document: '.ora,image/*',
  picture: 'image/*',
  prompts: '.txt,.csv,.jsonl',
}

export interface BrowserShell {
  readonly desktop: DesktopApi
  /** How a name to save by is asked for; set once the window's model is there. */
  askName: (suggested: string) => Promise<string | null>
  /** The studio's folder and what separates it from a name. */
  pathTo: (name: string) => string
}

export function browserDesktop(): BrowserShell {
  let isEdited = false
  window.addEventListener('beforeunload', (event) => {
    if (isEdited) event.preventDefault()
  })
  const shell: BrowserShell = {
    askName: async () => null,
    pathTo: (name) => name,
    desktop: {
      describe: async () => ({ nativeMenus: false, nativeDialogs: false }),
      chooseOpen: ({ kind }) => chooseFile(accepted[kind]),
      async chooseSave({ suggested }) {
        const name = await shell.askName(suggested)
        return name === null ? null : { path: shell.pathTo(withEnding(name, suggested)) }
      },
      async chooseFolder({ suggested }) {
        const name = await shell.askName(suggested)
        return name === null ? null : { path: shell.pathTo(name) }
      },
      setMenus: async () => undefined,
      async setWindow({ edited }) {
        isEdited = edited
      },
      setProgress: async () => undefined,
      async toggleFullscreen() {
        if (document.fullscreenElement === null) await document.documentElement.requestFullscreen()
        else await document.exitFullscreen()
      },
      async reveal({ path }) {
        throw new StudioError('bad-request', `A browser cannot show files: look for ${path}.`)
      },
      async openLink({ address }) {
        window.open(address, '_blank', 'noopener')
      },
      async closeWindow() {
        isEdited = false
        window.close()
      },
      // Nothing happens to a page that it does not hear of itself.
      watch: (_, hooks) => new Promise((resolve) => hooks?.signal?.addEventListener('abort', resolve)),
    },
  }
  return shell
}

/** A name without an ending gets the suggested one. */
function withEnding(name: string, suggested: string): string {
  const ending = /\.[a-z0-9]+$/i.exec(suggested)?.[0] ?? ''
  return name.toLowerCase().endsWith(ending) ? name : `${name}${ending}`
}

/** The field behind a dialog that is open: one that nobody holds may be collected before it is answered. */
const asking = new Set<HTMLInputElement>()

function chooseFile(accept: string): Promise<FileSource | null> {
  const input = document.createElement('input')
  // A browser that tells nothing of a dialog without an answer leaves it here until the next.
  asking.clear()
  asking.add(input)
  input.type = 'file'
  input.accept = accept
  return new Promise((resolve, reject) => {
    input.addEventListener('cancel', () => resolve(null))
    input.addEventListener('change', () => {
      const file = input.files?.[0]
      if (file === undefined) return resolve(null)
      file
        .arrayBuffer()
        .then((buffer) => resolve({ kind: 'bytes', name: file.name, bytes: new Uint8Array(buffer) }), reject)
    })
    input.click()
  })
}
