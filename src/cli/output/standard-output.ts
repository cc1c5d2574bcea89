import type { TextOutput } from '../../lib/text-output.ts'
import type { Io } from '../io.ts'

/** The file name that stands for standard output on the command line. */
export const STANDARD_OUTPUT = '-'

/** Standard output, written to no faster than it is read. */
export function standardOutput({ stdout, flush }: Pick<Io, 'stdout' | 'flush'>): TextOutput {
  let bytes = 0
  return {
    get bytes() {
      return bytes
    },
    async write(text) {
      stdout.write(text)
      bytes += Buffer.byteLength(text)
      await flush()
    },
    complete: async () => {},
    discard: async () => {},
  }
}
