export type Paint = (text: string) => string

/** Ways to set text apart; each returns its text unchanged where colours are off. */
export interface Style {
  readonly bold: Paint
  readonly dim: Paint
  readonly red: Paint
  readonly green: Paint
  readonly yellow: Paint
  readonly cyan: Paint
}

export interface ColorFacts {
  readonly isTTY: boolean
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Colours go to terminals that show them. `NO_COLOR` (https://no-color.org) turns them off, `FORCE_COLOR` on. */
export function hasColors({ isTTY, env }: ColorFacts): boolean {
  if (env['NO_COLOR']) return false
  const forced = env['FORCE_COLOR']
  if (forced !== undefined) return forced !== '0' && forced !== 'false'
  return isTTY && env['TERM'] !== 'dumb'
}

export function createStyle(isColored: boolean): Style {
  const paint = (open: number, close: number): Paint =>
    isColored ? (text) => `\u001b[${open}m${text}\u001b[${close}m` : (text) => text
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    cyan: paint(36, 39),
  }
}
