/** Matches exactly this path, with or without a slash at its end. For paths that come from the configuration. */
export function exactPath(path: string): RegExp {
  const literal = path.replace(/\/+$/, '').replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
  return new RegExp(`^${literal}/?$`)
}
