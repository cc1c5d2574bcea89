/** Options of `statusline`. */
export interface StatuslineOptions {
  readonly account?: string
  readonly format?: string
  /** As given with `--storage.path`. */
  readonly storagePath?: string
}

const OPTIONS: Readonly<Record<string, keyof StatuslineOptions>> = {
  '--account': 'account',
  '--format': 'format',
  '--storage.path': 'storagePath',
}

/**
 * The options of a command line that is `statusline` and nothing unusual. Null for every other one: that takes loading
 * all commands and settings, and a status line is wanted sooner.
 */
export function quickOptions(argv: readonly string[]): StatuslineOptions | null {
  if (argv[0] !== 'statusline') return null
  const options: { -readonly [Name in keyof StatuslineOptions]: StatuslineOptions[Name] } = {}
  for (let at = 1; at < argv.length; at++) {
    const [, flag = '', attached] = /^(--[\w.-]+)(?:=(.*))?$/s.exec(argv[at] ?? '') ?? []
    const name = Object.hasOwn(OPTIONS, flag) ? OPTIONS[flag] : undefined
    const value = attached ?? argv[++at]
    if (name === undefined || value === undefined) return null
    options[name] = value
  }
  return options
}
