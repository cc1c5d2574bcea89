import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Comparer } from './comparer.ts'
import { costOf } from './schema.ts'

export interface Credentials {
  readonly user: string
  readonly password: string
}

/** `busy`: too many comparisons are waiting to say anything of this one. */
export type Verdict = 'right' | 'wrong' | 'busy'

export interface Attempt extends Credentials {
  /** Bcrypt hashes by user. */
  readonly users: ReadonlyMap<string, string>
  /** Address of the client, whose attempts are limited together. */
  readonly client: string
}

/** Most comparisons that wait, in all and of one client. */
const MAX_WAITING = 64
const MAX_WAITING_PER_CLIENT = 8
const MAX_WRONG_KEPT = 100
const DEFAULT_COST = 10
/** Salt and digest of an unknown user. Nobody knows a password for them, and it would not be let in. */
const UNKNOWN = 'KIXy4dX1fzC0QmTgZ9oJ9uAqF3kQ1sCkz7o8b2xvUu5lWm4wPnE8a'

/**
 * Tells right passwords from wrong ones. What was compared once is known afterwards, by a keyed digest of the password:
 * right ones for as long as the hash stays, so that no flood of wrong ones makes a client that is let in wait.
 */
export function createPasswords(comparer: Comparer): (attempt: Attempt) => Promise<Verdict> {
  const key = randomBytes(32)
  const digestOf = (text: string) => createHmac('sha256', key).update(text).digest()
  const right = new Map<string, { readonly hash: string; readonly digest: Buffer }>()
  const wrong = new Set<string>()
  const underWay = new Map<string, Promise<Verdict>>()
  const waitingByClient = new Map<string, number>()

  /** The cost of some user, always the same one for a name: how long the answer takes then tells nothing of the name. */
  const unknownHash = (name: string, users: Attempt['users']) => {
    const hashes = [...users.values()]
    const hash = hashes[digestOf(name).readUInt32BE() % hashes.length]
    const cost = hash === undefined ? DEFAULT_COST : costOf(hash)
    return `$2b$${String(cost).padStart(2, '0')}$${UNKNOWN}`
  }

  const compare = async ({ user, password, users }: Attempt, hash: string, digest: Buffer, id: string) => {
    const matches = await comparer.matches({ password, hash })
    if (matches && users.has(user)) {
      right.set(user, { hash, digest })
      return 'right'
    }
    const [oldest] = wrong
    if (oldest !== undefined && wrong.size >= MAX_WRONG_KEPT) wrong.delete(oldest)
    wrong.add(id)
    return 'wrong'
  }

  return async (attempt) => {
    const { user, password, users, client } = attempt
    const hash = users.get(user) ?? unknownHash(user, users)
    const digest = digestOf(password)
    const known = right.get(user)
    if (known !== undefined && known.hash === hash && timingSafeEqual(known.digest, digest)) return 'right'
    const id = JSON.stringify([user, hash, digest.toString('base64')])
    if (wrong.has(id)) return 'wrong'
    const same = underWay.get(id)
    if (same !== undefined) return same
    const waiting = waitingByClient.get(client) ?? 0
    if (underWay.size >= MAX_WAITING || waiting >= MAX_WAITING_PER_CLIENT) return 'busy'
    waitingByClient.set(client, waiting + 1)
    const comparison = compare(attempt, hash, digest, id).finally(() => {
      underWay.delete(id)
      const left = (waitingByClient.get(client) ?? 1) - 1
      if (left > 0) waitingByClient.set(client, left)
      else waitingByClient.delete(client)
    })
    underWay.set(id, comparison)
    return comparison
  }
}
