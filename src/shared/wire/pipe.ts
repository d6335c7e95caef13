/**
 * The one thing the wire needs of a transport: messages go in at one end and come out, in order, at the other.
 * Transports (an IPC channel, a MessagePort, memory) are built with `pipeEnd`, so that listening and closing work alike
 * in all of them.
 */
export interface Pipe {
  /** Sends plain data. On a closed pipe it does nothing. @throws where the transport cannot copy the message. */
  post(message: unknown): void
  /** Returns a function that stops listening; so does `onClose`. */
  onMessage(listener: (message: unknown) => void): () => void
  /** Called once, with the cause in a few words; called too where the pipe was closed before. */
  onClose(listener: (reason: string) => void): () => void
  close(): void
}

/** A Pipe together with the two calls its transport makes. */
export interface PipeEnd {
  readonly pipe: Pipe
  /** A message arrived from the other side. */
  receive(message: unknown): void
  /** The transport is gone; `reason` is what the close listeners get. Only the first call counts. */
  end(reason: string): void
}

/** `send` hands a message to the transport, `hangUp` closes the transport when this side closes the pipe. */
export function pipeEnd(send: (message: unknown) => void, hangUp: () => void): PipeEnd {
  const messageListeners = new Set<(message: unknown) => void>()
  const closeListeners = new Set<(reason: string) => void>()
  let closedBecause: string | undefined

  function end(reason: string): void {
    if (closedBecause !== undefined) return
    closedBecause = reason
    for (const listener of closeListeners) listener(reason)
  }

  const pipe: Pipe = {
    post(message) {
      if (closedBecause === undefined) send(message)
    },
    onMessage(listener) {
      messageListeners.add(listener)
      return () => messageListeners.delete(listener)
    },
    onClose(listener) {
      const reason = closedBecause
      if (reason === undefined) closeListeners.add(listener)
      else void soon(() => listener(reason))
      return () => closeListeners.delete(listener)
    },
    close() {
      if (closedBecause !== undefined) return
      hangUp()
      end('it was closed')
    },
  }

  function receive(message: unknown): void {
    if (closedBecause !== undefined) return
    for (const listener of messageListeners) listener(message)
  }

  return { pipe, receive, end }
}

/**
 * Two ends in one memory. Messages are handed over as they are (not copied) but never during `post`; closing one end
 * closes the other after the messages that are still on their way.
 */
export function pipePair(): [Pipe, Pipe] {
  const left: PipeEnd = pipeEnd(
    (message) => void soon(() => right.receive(message)),
    () => void soon(() => right.end('the other side closed it')),
  )
  const right: PipeEnd = pipeEnd(
    (message) => void soon(() => left.receive(message)),
    () => void soon(() => left.end('the other side closed it')),
  )
  return [left.pipe, right.pipe]
}

/** queueMicrotask, which the pure rooms have no type for. */
async function soon(task: () => void): Promise<void> {
  await Promise.resolve()
  task()
}
