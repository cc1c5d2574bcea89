/** A word of a shell command line. Without backslashes, which some crons take for themselves. */
export function shellWord(text: string): string {
  if (/^[\w@+=:,./-]+$/.test(text)) return text
  return `'${text.replaceAll("'", `'"'"'`)}'`
}

/** A command line for a shell. */
export function shellLine(words: readonly string[]): string {
  return words.map(shellWord).join(' ')
}

/** A word of `ExecStart=`. Below `home` it begins with `%h`; null: paths stay as they are. */
export function unitWord(text: string, home: string | null): string {
  // Of the first word systemd expands no variables: a path with a dollar sign is written as it is there.
  return quoted(unitPath(text, home).replace(/[\\"]/g, '\\$&'))
}

/** An argument of `ExecStart=`, where `$` begins a variable. */
export function unitArgument(text: string, home: string | null): string {
  return unitWord(text.replaceAll('$', '$$$$'), home)
}

/** A path in a unit with specifiers escaped, unquoted. */
export function unitPath(path: string, home: string | null): string {
  const isBelowHome = home !== null && home !== '/' && path.startsWith(`${home}/`)
  const escaped = (isBelowHome ? path.slice(home.length) : path).replaceAll('%', '%%')
  return isBelowHome ? `%h${escaped}` : escaped
}

/** Text between tags of XML. */
export function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function quoted(text: string): string {
  return /^[\w@+=:,./%$-]+$/.test(text) ? text : `"${text}"`
}
