import { describe, expect, it } from 'vitest'
import { combineSources } from '../../src/sources/combine.ts'
import type { KnownStream, Source, SourceBatch, SourceStatus } from '../../src/sources/source.ts'

const EMPTY: SourceStatus = { roots: [], streams: 0, tailMode: 'off', bytesDone: 0, bytesTotal: 0 }

/** A source with one stream that remembers what it was told. */
function fake(stream: string, status: Partial<SourceStatus> = {}) {
  const told: {
    restored: readonly KnownStream[]
    stopped: number
    changed: (paths: readonly string[] | null) => void
  } = {
    restored: [],
    stopped: 0,
    changed: () => {},
  }
  const batch: SourceBatch = {
    source: 'openclaw',
    stream,
    path: `/logs/${stream}`,
    expected: null,
    cursor: '1',
    records: [],
    closed: [],
    claims: [],
    turns: [],
    tally: { lines: 1, bytes: 2, rejected: {} },
  }
  const source: Source = {
    name: 'openclaw',
    restore: (streams) => {
      told.restored = streams
    },
    async *read() {
      yield batch
    },
    async follow(changed) {
      told.changed = changed
      return async () => {
        told.stopped++
      }
    },
    status: () => ({ ...EMPTY, ...status }),
    gone: () => [stream],
  }
  return { source, told, batch }
}

describe('combineSources', () => {
  it('names streams after the part they come from', async () => {
    const parts = { files: fake('x'), store: fake('x') }
    const source = combineSources('openclaw', { files: parts.files.source, store: parts.store.source })
    const batches: SourceBatch[] = []
    for await (const batch of source.read({ signal: new AbortController().signal })) batches.push(batch)
    expect(batches).toEqual([
      { ...parts.files.batch, stream: 'files:x' },
      { ...parts.store.batch, stream: 'store:x' },
    ])
    expect(source.gone()).toEqual(['files:x', 'store:x'])
  })

  it('gives each part back its own cursors and nothing else', () => {
    const parts = { files: fake('x'), store: fake('x') }
    const source = combineSources('openclaw', { files: parts.files.source, store: parts.store.source })
    const known = (stream: string) => ({ stream, path: '/p', cursor: '7' })
    source.restore([known('files:x'), known('store:files:y'), known('elsewhere:z')])
    expect(parts.files.told.restored).toEqual([known('x')])
    expect(parts.store.told.restored).toEqual([known('files:y')])
  })

  it('stops between parts when a signal says so', async () => {
    const parts = { files: fake('x'), store: fake('y') }
    const source = combineSources('openclaw', { files: parts.files.source, store: parts.store.source })
    const stop = new AbortController()
    const streams: string[] = []
    for await (const batch of source.read({ signal: stop.signal })) {
      streams.push(batch.stream)
      stop.abort()
    }
    expect(streams).toEqual(['files:x'])
  })

  it('follows all parts and stops them together', async () => {
    const parts = { files: fake('x'), store: fake('y') }
    const source = combineSources('openclaw', { files: parts.files.source, store: parts.store.source })
    const reported: unknown[] = []
    const stop = await source.follow((paths) => reported.push(paths))
    parts.files.told.changed(['/a'])
    parts.store.told.changed(null)
    await stop()
    expect(reported).toEqual([['/a'], null])
    expect([parts.files.told.stopped, parts.store.told.stopped]).toEqual([1, 1])
  })

  it('stops the parts that follow already when another cannot', async () => {
    const files = fake('x')
    const broken: Source = { ...fake('y').source, follow: () => Promise.reject(new Error('no watches left')) }
    const source = combineSources('openclaw', { files: files.source, store: broken })
    await expect(source.follow(() => {})).rejects.toThrow('no watches left')
    expect(files.told.stopped).toBe(1)
  })

  it('adds up the state of its parts', () => {
    const root = (path: string) => ({ path, state: 'ok', problem: null }) as const
    const source = combineSources('openclaw', {
      files: fake('x', { roots: [root('/a')], streams: 2, bytesDone: 3, bytesTotal: 4 }).source,
      store: fake('y', { roots: [root('/b')], streams: 5, bytesDone: 6, bytesTotal: 7 }).source,
    })
    expect(source.status()).toEqual({
      roots: [root('/a'), root('/b')],
      streams: 7,
      tailMode: 'off',
      bytesDone: 9,
      bytesTotal: 11,
    })
  })

  it.each([
    { files: { tailMode: 'events', streams: 3 }, store: { tailMode: 'polling', streams: 0 }, is: 'events' },
    { files: { tailMode: 'events', streams: 3 }, store: { tailMode: 'polling', streams: 1 }, is: 'polling' },
    { files: { tailMode: 'events', streams: 0 }, store: { tailMode: 'off', streams: 0 }, is: 'events' },
    { files: { tailMode: 'off', streams: 1 }, store: { tailMode: 'off', streams: 1 }, is: 'off' },
  ] as const)('notices changes by $is with $files and $store', ({ files, store, is }) => {
    const source = combineSources('openclaw', { files: fake('x', files).source, store: fake('y', store).source })
    expect(source.status().tailMode).toBe(is)
  })
})
