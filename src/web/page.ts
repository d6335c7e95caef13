/** A page and its pipe into the backstage: messages go through as they are, and one end takes the other with it. */
import { toErrorRecord } from '../shared/contract/errors.ts'
import type { Pipe } from '../shared/wire/pipe.ts'

/**
 * @param page ends when the page is closed
 * @param behind ends by itself only where the backstage is lost
 */
export function joinPage(page: Pipe, behind: Pipe, onLost: (reason: string) => void): void {
  let isLeft = false
  page.onMessage((message) => behind.post(message))
  page.onClose(() => {
    isLeft = true
    behind.close()
  })
  behind.onMessage((message) => {
    try {
      page.post(message)
    } catch (thrown) {
      // What the socket cannot carry is our bug; whoever waits for it must hear so.
      page.post({ type: 'fault', error: toErrorRecord(thrown) })
    }
  })
  behind.onClose((reason) => {
    if (isLeft) return
    page.close()
    onLost(reason)
  })
}
