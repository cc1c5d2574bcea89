import type { Io, Output } from '../io.ts'

const ENTER = '\u001b[?1049h\u001b[?25l'
const LEAVE = '\u001b[?25h\u001b[?1049l'
const DEFAULT_ROWS = 24

/** What can happen while a screen is shown. */
export type ScreenEvent = { readonly kind: 'key'; readonly key: string } | { readonly kind: 'resize' }

/** The other screen of a terminal, without its history and with keys that come at once. */
export interface Screen {
  /** Lines that there is room for. */
  readonly rows: number
  draw(lines: readonly string[]): void
  /** Gives the terminal back as it was. May be called twice. */
  close(): void
}

/** Takes the terminal over until it is closed. */
export function openScreen(io: Io, told: (event: ScreenEvent) => void): Screen {
  const { stdout, events } = io
  const keys = keyboardOf(io)
  const onKeys = (data: Buffer | string) => {
    for (const key of data.toString()) told({ kind: 'key', key })
  }
  const onResize = () => told({ kind: 'resize' })
  keys?.on('data', onKeys)
  keys?.setRawMode?.(true)
  keys?.resume()
  events.on('SIGWINCH', onResize)
  stdout.write(ENTER)
  let isOpen = true
  return {
    get rows() {
      return rowsOf(stdout)
    },
    draw(lines) {
      const shown = lines.slice(0, rowsOf(stdout))
      stdout.write(`\u001b[H${shown.map((line) => `${line}\u001b[K`).join('\r\n')}\u001b[J`)
    },
    close() {
      if (!isOpen) return
      isOpen = false
      events.off('SIGWINCH', onResize)
      keys?.off('data', onKeys)
      keys?.setRawMode?.(false)
      keys?.pause()
      stdout.write(LEAVE)
    },
  }
}

type Keyboard = ReturnType<Io['stdin']> & { setRawMode?: (isRaw: boolean) => unknown }

/** Null where keys do not come from a terminal. */
function keyboardOf({ stdin }: Io): Keyboard | null {
  const stream: Keyboard = stdin()
  return stream.isTTY === true ? stream : null
}

function rowsOf({ isTTY }: Output): number {
  return (isTTY && process.stdout.rows) || DEFAULT_ROWS
}
