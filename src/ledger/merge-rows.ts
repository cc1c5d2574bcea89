import { compareNumbers, compareOwners, compareValues, earlierPayer, earlierTime } from '../core/response.ts'
import { FLAG } from '../core/usage.ts'
import type { Changes } from './changes.ts'
import type { LedgerTransaction, MessageRow } from './transaction.ts'

/**
 * The better numbers, the better owner, the earlier time; `stored` itself when nothing changes. The machine that told of
 * the response first keeps it until it turns out to be somebody else's: logs that are on two machines change nothing.
 */
export async function mergeRows(
  tx: LedgerTransaction,
  changes: Changes,
  stored: MessageRow,
  incoming: MessageRow,
): Promise<MessageRow> {
  const storedOwner = await ownerOf(tx, stored)
  const incomingOwner = await ownerOf(tx, incoming)
  const takeNumbers = (compareNumbers(rankOf(incoming), rankOf(stored)) || compareParts(incoming, stored)) > 0
  const takeOwner = compareOwners(incomingOwner, storedOwner) < 0
  const keepMachine = storedOwner.machine !== incomingOwner.machine && isSameOwner(incomingOwner, storedOwner)
  const takeLabels = takeOwner && !keepMachine
  const numbers = takeNumbers ? incoming : stored
  const owner = takeOwner ? incoming : stored
  const when = earlierTime(timeOf(stored), timeOf(incoming))
  const payer = await payerOf(tx, stored, incoming)
  const parts =
    takeNumbers === takeLabels ? numbers.parts : await changes.relabel(numbers.parts, takeLabels ? incoming : stored)
  if (!takeNumbers && !takeOwner && when.time === stored.at && payer === (stored.isPaid ? stored.sessionId : null)) {
    return stored
  }
  return {
    key: stored.key,
    at: when.time,
    sessionId: payer ?? owner.ownSessionId,
    flags: (numbers.flags & ~FLAG.guessedTime) | (when.timeGuessed ? FLAG.guessedTime : 0),
    winRank: numbers.winRank,
    winOutput: numbers.winOutput,
    winTotal: numbers.winTotal,
    winAt: numbers.winAt,
    winUuid: numbers.winUuid,
    ownRank: owner.ownRank,
    ownAt: owner.ownAt,
    ownFileAt: owner.ownFileAt,
    ownSessionId: owner.ownSessionId,
    isPaid: payer !== null,
    parts,
  }
}

const rankOf = (row: MessageRow) => ({
  winRank: row.winRank,
  rankOutput: row.winOutput,
  rankTotal: row.winTotal,
  time: row.winAt,
  uuid: row.winUuid,
})

const timeOf = (row: MessageRow) => ({ time: row.at, timeGuessed: (row.flags & FLAG.guessedTime) !== 0 })

function compareParts(a: MessageRow, b: MessageRow): number {
  if (a.parts.length !== b.parts.length) return a.parts.length - b.parts.length
  for (const [index, part] of a.parts.entries()) {
    const order = compareValues(part.values, b.parts[index]?.values ?? [])
    if (order !== 0) return order
  }
  return 0
}

async function ownerOf(tx: LedgerTransaction, row: MessageRow) {
  const label = await tx.label(row.parts[0]?.labelId ?? 0)
  const { session } = await tx.session(row.ownSessionId)
  return {
    ownerRank: row.ownRank,
    time: row.ownAt,
    fileTime: row.ownFileAt,
    session,
    agent: label.agent,
    project: label.project,
    branch: label.branch,
    billing: label.billing,
    machine: label.machine,
  }
}

type Owner = Awaited<ReturnType<typeof ownerOf>>

function isSameOwner(a: Owner, b: Owner): boolean {
  return (
    a.session === b.session &&
    a.agent === b.agent &&
    a.project === b.project &&
    a.branch === b.branch &&
    a.billing === b.billing
  )
}

/** Id of the session some line names as the payer, null when none does. */
async function payerOf(tx: LedgerTransaction, a: MessageRow, b: MessageRow): Promise<number | null> {
  const nameA = a.isPaid ? (await tx.session(a.sessionId)).session : null
  const nameB = b.isPaid ? (await tx.session(b.sessionId)).session : null
  const payer = earlierPayer(nameA, nameB)
  if (payer === null) return null
  return payer === nameA ? a.sessionId : b.sessionId
}
