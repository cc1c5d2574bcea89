/** A field that can be seen somewhere, and what stands in it now. */
export interface VisibleField {
  readonly name: string
  /** Different values, sorted; null where they are not names but numbers, times or words of this program. */
  readonly values: readonly string[] | null
  /** How many there are; null where that is not counted. */
  readonly count: number | null
  /** Metric families with this label; empty for other surfaces. */
  readonly families: readonly string[]
  /** What hides it or makes it another; null where nothing is to be hidden. */
  readonly hiddenBy: string | null
}

/** A place where names can be seen. */
export interface Surface {
  readonly name: 'metrics' | 'ledger' | 'reports' | 'webhook'
  readonly title: string
  /** Who can look there, by the settings in force. */
  readonly reach: string
  readonly fields: readonly VisibleField[]
}
