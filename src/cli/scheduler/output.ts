import { join } from 'node:path'
import type { Io } from '../io.ts'
import { createNewFile, refuseExisting } from '../output/new-file.ts'
import type { SchedulerFiles } from './job.ts'

/** One file as it is; several with their names above them. */
export function printFiles({ stdout }: Io, { files }: SchedulerFiles): void {
  const isOne = files.length === 1
  stdout.write(files.map(({ name, text }) => (isOne ? text : `# ${name}\n${text}`)).join('\n'))
}

/** All files, or with OperatorError none where one of them is there already. */
export async function writeFiles(folder: string, { files }: SchedulerFiles, force: boolean): Promise<void> {
  for (const { name } of files) await refuseExisting(join(folder, name), force)
  for (const { name, text } of files) {
    const file = await createNewFile(join(folder, name), { force })
    try {
      await file.write(text)
      await file.complete()
    } catch (error) {
      await file.discard()
      throw error
    }
  }
}
