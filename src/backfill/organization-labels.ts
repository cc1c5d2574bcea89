import type { DirectoryPart, OrganizationFigures } from '../view/organization/part.ts'

/**
 * Puts the label objects of earlier figures in place of equal ones: whoever remembers the text of a label set by its
 * object need not write it anew whenever a value changes. For the figures of one organisation.
 */
export function createLabelMemory(): (figures: OrganizationFigures) => OrganizationFigures {
  const usage = memoryOf<Labels<'usageToday'>>()
  const billed = memoryOf<Labels<'billedToday'>>()
  const directory = directoryMemory()
  return (figures) => ({
    ...figures,
    usageToday: withKnown(figures.usageToday, usage),
    usageMonthToDate: withKnown(figures.usageMonthToDate, usage),
    billedToday: withKnown(figures.billedToday, billed),
    billedMonthToDate: withKnown(figures.billedMonthToDate, billed),
    billedPreviousMonth: withKnown(figures.billedPreviousMonth, billed),
    directory: directory(figures.directory),
  })
}

type Labels<Window extends 'usageToday' | 'billedToday'> = NonNullable<OrganizationFigures[Window]>[number]['labels']

function directoryMemory(): (part: DirectoryPart) => DirectoryPart {
  const info = memoryOf<NonNullable<DirectoryPart['info']>>()
  const workspaces = memoryOf<DirectoryPart['workspaces'][number]>()
  const apiKeys = memoryOf<DirectoryPart['apiKeys'][number]>()
  return (part) => ({
    ...part,
    info: part.info === null ? null : info(part.info),
    workspaces: part.workspaces.map(workspaces),
    apiKeys: part.apiKeys.map(apiKeys),
  })
}

function withKnown<Set extends object, Row extends { readonly labels: Set }>(
  rows: readonly Row[] | null,
  known: (labels: Set) => Set,
): readonly Row[] | null {
  return rows?.map((row) => ({ ...row, labels: known(row.labels) })) ?? null
}

/** The first object of each label set. All have the same labels in the same order. */
function memoryOf<Set extends { readonly [Name in keyof Set]: string }>(): (labels: Set) => Set {
  const first = new Map<string, Set>()
  return (labels) => {
    const key = JSON.stringify(Object.values(labels))
    const known = first.get(key) ?? labels
    first.set(key, known)
    return known
  }
}
