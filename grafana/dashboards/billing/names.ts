/** What an info family calls an id. */
export interface Names {
  readonly info: string
  /** The label with the id, and the one with the name. */
  readonly id: string
  readonly name: string
}

/**
 * Sums by the name that an info family has for an id. What has no entry there, such as "other" and "none", is shown by
 * its id, so that nothing is lost. `keeps`: labels that stay beside the name.
 */
export function named(values: string, { info, id, name }: Names, keeps: readonly string[] = []): string {
  const on = `on (job, instance, organization, ${id})`
  const sums = `sum by (${['job', 'instance', 'organization', id, ...keeps].join(', ')}) (${values})`
  const names = `max by (job, instance, organization, ${id}, ${name}) (${info})`
  return `sum by (${[name, ...keeps].join(', ')}) (
  ${sums} * ${on} group_left (${name}) ${names}
  or
  label_replace(${sums} unless ${on} ${names}, "${name}", "$1", "${id}", "(.*)")
)`
}
