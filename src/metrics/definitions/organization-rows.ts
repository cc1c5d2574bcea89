import type { OrganizationFigures } from '../../view/organization/part.ts'
import type { Snapshot } from '../../view/snapshot.ts'

/** Rows of all organisations; none from those where the window is not known. */
export function ofOrganizations<Row>(
  snapshot: Snapshot,
  rows: (figures: OrganizationFigures) => readonly Row[] | null,
): readonly Row[] {
  const { organizations } = snapshot.organizations
  return organizations.flatMap((figures) => rows(figures) ?? [])
}

/** How the help of a family tells where its values come from. */
export const RESTATED =
  'By the UTC calendar and as the provider states it now: it may restate past days, so this is a gauge. Absent where ' +
  'the window is not known. Label sets beyond claude_exporter_series_limit, the smallest, are added up as "other" per ' +
  'organization.'
export const TODAY_UTC = 'on the present UTC day'
export const MONTH_UTC = 'since the first of the month in UTC'
export const PREVIOUS_MONTH_UTC = 'in the previous calendar month in UTC'
