import type nodeFs from 'node:fs'

/** The calls through which logs are reached: read-only, and replaceable, so that tests can count them or let them fail. */
export type FileSystem = Pick<
  typeof nodeFs,
  | 'closeSync'
  | 'fstatSync'
  | 'lstatSync'
  | 'openSync'
  | 'readSync'
  | 'readdirSync'
  | 'realpathSync'
  | 'statSync'
  | 'watch'
>

/** The code of a failed system call (`EACCES`); null for any other error, which is a fault of the program. */
export function errorCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}

/** True for the errors that say that there is nothing at a path. */
export function isAbsence(code: string | null): boolean {
  return code === 'ENOENT' || code === 'ENOTDIR'
}
