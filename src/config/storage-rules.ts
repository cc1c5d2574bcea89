import type { Rule } from './rules.ts'

/** What the settings of a ledger in a database only get wrong together. */
export const storageRules: readonly Rule[] = [
  {
    reads: ['storage.password_file', 'storage.password'],
    check: ({ storage }, where) => {
      // PGPASSWORD may be meant for other programs: a file is more particular.
      const isOwn = storage.password !== '' && !where('storage.password').includes('PGPASSWORD')
      if (storage.passwordFile === '' || !isOwn) return null
      return {
        text: `storage.password_file is given as well as storage.password (${where('storage.password')})`,
        fix: 'Keep one of storage.password and storage.password_file, better the file.',
      }
    },
  },
  {
    reads: ['storage.url', 'storage.password_file'],
    check: ({ storage }) => {
      if (storage.passwordFile === '' || storage.url === '' || new URL(storage.url).password === '') return null
      return {
        text: 'has a password in it, and storage.password_file is given as well',
        fix: 'Take the password out of storage.url.',
      }
    },
  },
  {
    reads: ['storage.tls.key_file', 'storage.tls.cert_file'],
    check: ({ storage: { tls } }) => {
      if ((tls.keyFile === '') === (tls.certFile === '')) return null
      return {
        text: 'a client certificate and its key go together',
        fix: 'Give both storage.tls.cert_file and storage.tls.key_file, or none.',
      }
    },
  },
]
