import type { Dialect } from '../dialect.ts'

const LABEL = 'source, agent, provider, model, model_id, project, branch, billing'

/**
 * Several machines on one ledger: who they are, which of them a label, a stream and a tally belongs to, who may do what
 * only one of them is to do, and which machine made a run. What was there before is of machine 0 and without a name,
 * until the program that opens the ledger says who it is.
 */
export function machines({ bytes, big, identity, strict, keyed }: Dialect): readonly string[] {
  return [
    `CREATE TABLE machine(id ${identity}, uid TEXT NOT NULL UNIQUE, name TEXT NOT NULL UNIQUE, version TEXT NOT NULL,
       seen_at ${big} NOT NULL, read_at ${big})${strict}`,
    `CREATE TABLE lease(name TEXT PRIMARY KEY, holder TEXT NOT NULL, until ${big} NOT NULL)${keyed}`,
    `CREATE TABLE label_new(id ${identity}, source TEXT NOT NULL, agent TEXT NOT NULL, provider TEXT NOT NULL,
       model TEXT NOT NULL, model_id TEXT NOT NULL, project TEXT NOT NULL, branch TEXT NOT NULL, billing TEXT NOT NULL,
       machine TEXT NOT NULL, exposed INTEGER NOT NULL, zero_until ${big} NOT NULL, folded INTEGER NOT NULL,
       UNIQUE(${LABEL}, machine))${strict}`,
    `INSERT INTO label_new(id, ${LABEL}, machine, exposed, zero_until, folded)
       SELECT id, ${LABEL}, '', exposed, zero_until, folded FROM label`,
    `DROP TABLE label`,
    `ALTER TABLE label_new RENAME TO label`,
    `CREATE TABLE stream_new(machine_id INTEGER NOT NULL, source TEXT NOT NULL, stream TEXT NOT NULL, path TEXT NOT NULL,
       cursor TEXT NOT NULL, updated_at ${big} NOT NULL, gone_at ${big}, PRIMARY KEY(machine_id, source, stream))${keyed}`,
    `INSERT INTO stream_new(machine_id, source, stream, path, cursor, updated_at, gone_at)
       SELECT 0, source, stream, path, cursor, updated_at, gone_at FROM stream`,
    `DROP TABLE stream`,
    `ALTER TABLE stream_new RENAME TO stream`,
    `CREATE TABLE held_new(key ${bytes} PRIMARY KEY, since ${big} NOT NULL, line_at ${big} NOT NULL, source TEXT NOT NULL,
       machine_id INTEGER NOT NULL, stream TEXT NOT NULL)${keyed}`,
    `INSERT INTO held_new(key, since, line_at, source, machine_id, stream)
       SELECT key, since, line_at, source, 0, stream FROM held`,
    `DROP TABLE held`,
    `ALTER TABLE held_new RENAME TO held`,
    `CREATE TABLE tally_new(machine_id INTEGER NOT NULL, source TEXT NOT NULL, name TEXT NOT NULL, value ${big} NOT NULL,
       PRIMARY KEY(machine_id, source, name))${keyed}`,
    `INSERT INTO tally_new(machine_id, source, name, value) SELECT 0, source, name, value FROM tally`,
    `DROP TABLE tally`,
    `ALTER TABLE tally_new RENAME TO tally`,
    `ALTER TABLE sync_run ADD COLUMN machine_id INTEGER NOT NULL DEFAULT 0`,
  ]
}
