/** What a page may say to the desktop, checked: the arguments of DesktopApi come from the page's process. */
import { isAbsolute } from 'node:path'
import { z } from 'zod'
import type { DesktopApi, MenuItem } from '../shared/contract/desktop-api.ts'
import { StudioError } from '../shared/contract/errors.ts'

const label = z.string().max(200)
const path = z.string().min(1).max(4096).refine(isAbsolute, 'is no absolute path')

const item: z.ZodType<MenuItem> = z.lazy(() =>
  z.discriminatedUnion('type', [
    z.object({ type: z.literal('separator') }),
    z.object({
      type: z.literal('item'),
      label,
      action: z.string().max(100),
      keys: z.string().max(40).nullable(),
      enabled: z.boolean(),
      checked: z.boolean().optional(),
      role: z.enum(['quit', 'about', 'toggleDevTools']).optional(),
    }),
    z.object({ type: z.literal('submenu'), label, items: z.array(item).max(200) }),
  ]),
)

const requests = {
  chooseOpen: z.object({ kind: z.enum(['document', 'picture', 'prompts']) }),
  chooseFolder: z.object({ suggested: z.string().max(4096) }),
  chooseSave: z.object({ suggested: z.string().max(4096), kind: z.enum(['document', 'png', 'jpeg', 'webp', 'avif']) }),
  setMenus: z.object({ menus: z.array(z.object({ label, items: z.array(item).max(200) })).max(20) }),
  setWindow: z.object({ title: z.string().max(1000), edited: z.boolean(), path: path.nullable() }),
  setProgress: z.object({ share: z.number().min(0).max(1).nullable(), paused: z.boolean() }),
  reveal: z.object({ path }),
  openLink: z.object({ address: z.string().max(2000) }),
}

type Requests = typeof requests

/** @throws StudioError 'bad-request' */
export function readRequest<Name extends keyof Requests & keyof DesktopApi>(
  name: Name,
  value: unknown,
): z.infer<Requests[Name]> {
  const parsed = requests[name].safeParse(value)
  if (parsed.success) return parsed.data as z.infer<Requests[Name]>
  throw new StudioError('bad-request', `The window asked for '${name}' in a way that cannot be read.`, {
    detail: z.prettifyError(parsed.error),
  })
}
