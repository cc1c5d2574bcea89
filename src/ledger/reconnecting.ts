import { type Ledger, LedgerError } from './ledger.ts'

/** What is known of a ledger before it could be opened. */
export interface Unopened {
  readonly place: string
  readonly machine: string
}

/**
 * A ledger on a server that need not be there yet: whoever asks first opens it, and until that succeeds everything
 * rejects as opening did. Once it is open it is that ledger and nothing more.
 */
export function openWhenAsked({ place, machine }: Unopened, open: () => Promise<Ledger>): Ledger {
  let opened: Ledger | null = null
  let opening: Promise<Ledger> | null = null
  const ledger = (): Promise<Ledger> => {
    if (opened !== null) return Promise.resolve(opened)
    opening ??= open()
      .then((found) => {
        opened = found
        return found
      })
      .finally(() => {
        opening = null
      })
    return opening
  }
  const close = async () => {
    const found = opened ?? (await opening?.catch(() => null)) ?? null
    await found?.close()
    open = () => Promise.reject(new LedgerError('away', `${place}: closed`))
  }
  const known: Pick<Ledger, 'place' | 'machine' | 'isShared' | 'close'> = {
    place,
    isShared: true,
    get machine() {
      return opened?.machine ?? machine
    },
    close,
  }
  return new Proxy(known, {
    get: (target, name) =>
      // Looked at as a promise it is none.
      name === 'then' || name in target
        ? Reflect.get(target, name, target)
        : async (...given: unknown[]) => {
            const found = await ledger()
            return Reflect.apply(Reflect.get(found, name, found), found, given)
          },
  }) as Ledger
}
