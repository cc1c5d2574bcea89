/** A variable or other placeholder in the words of Grafana, `${name}`. */
export function placeholder(name: string): string {
  return `\${${name}}`
}

/** The data source that is chosen in the dashboard. */
export const DATASOURCE = { type: 'prometheus', uid: placeholder('datasource') } as const
