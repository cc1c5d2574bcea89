/** What stands around the content of the page. */
export interface PageFrame {
  /** `linked`: addresses of the style sheet and the script; `inline`: their texts, for a file that stands alone. */
  readonly assets:
    | { readonly kind: 'linked'; readonly style: string; readonly script: string }
    | { readonly kind: 'inline'; readonly style: string; readonly script: string }
  /** Where the metrics are; null where there is no server to ask. */
  readonly telemetryPath: string | null
}

/** Time from one update of an open page to the next. */
export const REFRESH_SECONDS = 60
