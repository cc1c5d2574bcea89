import type { FileSystem } from './file-system.ts'

/** Fills the buffer from a position of the file. False when the file ends before. */
export function readFully(fs: FileSystem, fd: number, buffer: Buffer, position: number): boolean {
  for (let filled = 0; filled < buffer.length; ) {
    const count = fs.readSync(fd, buffer, filled, buffer.length - filled, position + filled)
    if (count === 0) return false
    filled += count
  }
  return true
}
