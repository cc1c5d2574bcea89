const LINE_FEED = 0x0a
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const SPACE = 0x20
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])

/** Where the line that starts at `at` ends: at its line feed, or at `end`. */
export function lineEnd(block: Buffer, at: number, end: number): number {
  const feed = block.indexOf(LINE_FEED, at)
  return feed === -1 || feed > end ? end : feed
}

/** Where the text of a line starts: behind NULs that a crash left, a byte order mark and spaces. */
export function textStart(block: Buffer, start: number, end: number): number {
  let at = start
  for (;;) {
    while (at < end && isBlank(block[at])) at++
    const hasMark = block[at] === BYTE_ORDER_MARK[0] && block[at + 1] === BYTE_ORDER_MARK[1]
    if (!hasMark || block[at + 2] !== BYTE_ORDER_MARK[2] || at + 3 > end) return at
    at += 3
  }
}

/** Where the text of a line ends: before carriage return and spaces. */
export function textEnd(block: Buffer, start: number, end: number): number {
  let at = end
  while (at > start && isBlank(block[at - 1])) at--
  return at
}

/** Whether a text begins as an object. */
export function startsWhole(block: Buffer, start: number): boolean {
  return block[start] === OPEN_BRACE
}

/** Whether a text ends as an object. One that was torn and sealed by a line feed hardly ever does. */
export function endsWhole(block: Buffer, end: number): boolean {
  return block[end - 1] === CLOSE_BRACE
}

/** White space, and the control characters that damaged lines have in its place. */
function isBlank(byte: number | undefined): boolean {
  return byte !== undefined && byte <= SPACE
}
