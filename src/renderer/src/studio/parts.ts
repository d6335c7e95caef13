/** What the parts of the model share: the state, the program behind the window, the worker, the editor and the open document. */
import type { Editor } from '../../../editor/index.ts'
import type { DesktopApi } from '../../../shared/contract/desktop-api.ts'
import type { PageApi } from '../../../shared/contract/page-api.ts'
import type { PixelsApi } from '../pixels/pixels-api.ts'
import type { Notices } from './notices.ts'
import type { OpenDocument } from './open-document.ts'
import type { StateHolder } from './state-holder.ts'
import type { WorkQueue } from './work-queue.ts'

export interface Parts {
  readonly holder: StateHolder
  readonly api: PageApi
  readonly desktop: DesktopApi
  readonly pixels: PixelsApi
  readonly editor: Editor
  readonly queue: WorkQueue
  readonly notices: Notices
  /** The open document; null where none is. */
  document(): OpenDocument | null
}
