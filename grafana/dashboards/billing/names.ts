/**
 * Sums by the name that an info family has for an id. What has no entry there, such as "other" and "none", is shown by
 * its id, so that nothing is lost.
 */
export function named(values: string, info: string, id: string, name: string): string {
  const on = `on (job, instance, organization, ${id})`
  const sums = `sum by (job, instance, organization, ${id}) (${values})`
  const names = `max by (job, instance, organization, ${id}, ${name}) (${info})`
  return `sum by (${name}) (
  ${sums} * ${on} group_left (${name}) ${names}
  or
  label_replace(${sums} unless ${on} ${names}, "${name}", "$1", "${id}", "(.*)")
)`
}
