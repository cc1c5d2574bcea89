import { SOURCE_NAMES, type SourceName } from '../../core/usage.ts'
import { readLoadedRoots, saveLoadedRoots } from '../sql/streams.ts'
import { groupsOf, type Moving } from './moving.ts'

/** Moves where reading the logs of the machine stopped, so that none is read again; the last step of a move. */
export async function moveStreams(moving: Moving): Promise<void> {
  await moveCursors(moving)
  await moveTallies(moving)
  await moveRoots(moving)
}

/** Of a log that both know the cursor that was saved later counts: the target has all that came before either. */
async function moveCursors({ source, target }: Moving): Promise<void> {
  const { machine } = target
  const known = new Map(
    (
      await target.read((rows) =>
        rows.all('SELECT source, stream, updated_at FROM stream WHERE machine_id = ?', machine.id),
      )
    ).map(([name, stream, at]) => [JSON.stringify([name, stream]), Number(at)]),
  )
  const rows = await source.rows.all(
    'SELECT source, stream, path, cursor, updated_at, gone_at FROM stream WHERE machine_id IN (0, ?) ORDER BY source, stream',
    source.own.id,
  )
  const newer = rows.filter(
    ([name, stream, , , at]) => Number(at) > (known.get(JSON.stringify([name, stream])) ?? Number.NEGATIVE_INFINITY),
  )
  for (const group of groupsOf(newer)) {
    await target.write(async ({ tx, db }) => {
      for (const [name, stream, path, cursor, at, goneAt] of group) {
        const append = {
          source: name as SourceName,
          stream: String(stream),
          path: String(path),
          expected: null,
          cursor: String(cursor),
          lines: 0,
          bytes: 0,
          rejected: {},
        }
        await tx.saveStream(append, Number(at))
        if (goneAt === null) continue
        await db.run(
          'UPDATE stream SET gone_at = ? WHERE machine_id = ? AND source = ? AND stream = ?',
          goneAt,
          machine.id,
          name,
          stream,
        )
      }
    })
  }
}

/** Tallies of a machine only grow, so that the larger one is the newer. */
async function moveTallies({ source, target }: Moving): Promise<void> {
  const rows = await source.rows.all(
    `SELECT source, name, CASE name WHEN 'newest' THEN MAX(value) ELSE SUM(value) END FROM tally GROUP BY source, name`,
  )
  await target.write(async ({ db }) => {
    for (const [name, tally, value] of rows) {
      await db.run(
        `INSERT INTO tally(machine_id, source, name, value) VALUES(?, ?, ?, ?) ON CONFLICT(machine_id, source, name)
         DO UPDATE SET value = CASE WHEN excluded.value > tally.value THEN excluded.value ELSE tally.value END`,
        target.machine.id,
        name,
        tally,
        value,
      )
    }
  })
}

async function moveRoots({ source, target }: Moving): Promise<void> {
  const { id } = target.machine
  for (const name of SOURCE_NAMES) {
    const roots = await readLoadedRoots(source.rows, source.own.id, name)
    if (roots.length === 0) continue
    await target.write(async ({ db }) => {
      const before = await readLoadedRoots(db, id, name)
      await saveLoadedRoots(db, id, name, [...new Set([...before, ...roots])])
    })
  }
}
