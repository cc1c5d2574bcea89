import { COLLECTORS, type Collector } from './definition.ts'

/** The collectors a scrape wants, or why that cannot be told. */
export type CollectorChoice = { readonly collectors: ReadonlySet<Collector> } | { readonly problem: string }

/** Reads the repeatable `collect[]` and `exclude[]` parameters, which node_exporter made customary. */
export function chooseCollectors(query: URLSearchParams): CollectorChoice {
  const collect = query.getAll('collect[]')
  const exclude = query.getAll('exclude[]')
  if (collect.length > 0 && exclude.length > 0) {
    return { problem: 'collect[] and exclude[] cannot be used together.' }
  }
  if ([...collect, ...exclude].some((name) => !isCollector(name))) {
    return { problem: `collect[] and exclude[] take the names ${COLLECTORS.join(', ')}.` }
  }
  return {
    collectors: new Set(
      COLLECTORS.filter((name) => (collect.length > 0 ? collect.includes(name) : !exclude.includes(name))),
    ),
  }
}

function isCollector(name: string): boolean {
  return COLLECTORS.some((known) => known === name)
}
