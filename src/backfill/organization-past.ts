import type { OrganizationLedger } from '../ledger/organization.ts'
import { NO_ORGANIZATIONS, type OrganizationFigures } from '../view/organization/part.ts'
import { type UtcWindows, utcWindows } from '../view/organization/utc-windows.ts'
import { openOrganization, type PastOrganization } from './organization-figures.ts'
import type { Past } from './past.ts'

type OrganizationPastLedger = Pick<
  OrganizationLedger,
  'organizations' | 'apiUsage' | 'billedCost' | 'directories' | 'coverage'
>

export interface OrganizationPastOptions {
  /** Organisations in use; by default all that the ledger has something of. */
  readonly organizations?: readonly string[] | undefined
}

/**
 * What organisations used and were billed as of past instants, in the windows of the UTC calendar then, with the names of
 * now. An organisation is left out before the first day that one of its reports covers. The part is the same object
 * while nothing changes.
 */
export function createOrganizationPast(ledger: OrganizationPastLedger, options: OrganizationPastOptions = {}): Past {
  let opened: Promise<readonly PastOrganization[]> | null = null
  let part = NO_ORGANIZATIONS
  return {
    async at(instant) {
      const windows = utcWindows(instant)
      opened ??= openAll(ledger, options, windows)
      const organizations: OrganizationFigures[] = []
      for (const organization of await opened) {
        const figures = await organization.at(instant, windows)
        if (figures !== null) organizations.push(figures)
      }
      if (!isSame(organizations, part.organizations)) part = { ...NO_ORGANIZATIONS, organizations }
      return { organizations: part }
    },
  }
}

async function openAll(
  ledger: OrganizationPastLedger,
  { organizations }: OrganizationPastOptions,
  windows: UtcWindows,
): Promise<readonly PastOrganization[]> {
  const names = organizations ?? (await ledger.organizations())
  const directories = await ledger.directories()
  const opened: PastOrganization[] = []
  for (const name of names) {
    const directory = directories.find(({ organization }) => organization === name)
    opened.push(await openOrganization(ledger, name, directory, windows.previousMonth))
  }
  return opened
}

function isSame(a: readonly OrganizationFigures[], b: readonly OrganizationFigures[]): boolean {
  return a.length === b.length && a.every((figures, index) => figures === b[index])
}
