import fc from 'fast-check'
import { compress } from 'snappyjs'
import { describe, expect, it } from 'vitest'
import { metadataRequest, requestsOf } from '../../src/remote-write/requests.ts'
import { encodeLabels, encodeMetadata, encodeSeries } from '../../src/remote-write/write-request.ts'
import { decodeMessage, decodeRequest } from './decode.ts'

const AT = Date.UTC(2026, 10, 22)

describe('encodeSeries', () => {
  it('writes the bytes of the protocol', () => {
    const labels = encodeLabels(new Map([['__name__', 'up']]))
    // TimeSeries { Label { "__name__", "up" } Sample { 1.5, 1000 } }
    expect(hex(encodeSeries({ labels, value: 1.5 }, 1_000))).toBe(
      '0a1e' + '0a0e' + '0a085f5f6e616d655f5f' + '12027570' + '120c' + '09000000000000f83f' + '10e807',
    )
  })

  it('writes the one NaN that means the end of a series', () => {
    expect(sent(null)).toMatchObject({ bits: '7ff0000000000002' })
  })

  it.each([
    { value: Number.NaN, bits: '7ff8000000000001' },
    { value: Number.POSITIVE_INFINITY, bits: '7ff0000000000000' },
    { value: Number.NEGATIVE_INFINITY, bits: 'fff0000000000000' },
    { value: 0, bits: '0' },
    { value: 9_007_199_254_740_992, bits: '4340000000000000' },
    { value: 5e-324, bits: '1' },
  ])('writes $value to the last bit', ({ value, bits }) => {
    expect(sent(value)).toMatchObject({ bits })
  })

  it.each([0, 1, 127, 128, 2 ** 31, 2 ** 32 + 5, AT, Number.MAX_SAFE_INTEGER])('writes the time %d', (at) => {
    expect(sent(1, at)).toMatchObject({ at })
  })
})

describe('encodeLabels', () => {
  it('sorts by the characters of the names, capitals before __name__', () => {
    const names = labelsOf({ zone: 'a', __name__: 'x', Zone: 'b', a_b: 'c', ab: 'd' }).map(([name]) => name)
    expect(names).toEqual(['Zone', '__name__', 'a_b', 'ab', 'zone'])
  })

  it('leaves out labels without a value, which mean the same as none', () => {
    expect(labelsOf({ __name__: 'x', project: '', model: 'm' })).toEqual([
      ['__name__', 'x'],
      ['model', 'm'],
    ])
  })

  it('writes broken characters as a page does', () => {
    expect(labelsOf({ project: 'a\ud800b\0<script>|`=cmd' })).toEqual([['project', 'a\ufffdb\0<script>|`=cmd']])
  })
})

describe('encodeMetadata', () => {
  it('tells type, help and unit', () => {
    const families = [
      { name: 'a_total', type: 'counter', help: 'Help of "a".', unit: 'tokens' },
      { name: 'b', type: 'gauge', help: 'B.', unit: '' },
      { name: 'c', type: 'histogram', help: 'C.', unit: 'seconds' },
      { name: 'd', type: 'summary', help: 'D.', unit: 'seconds' },
    ] as const
    expect(decodeRequest(metadataRequest(families).body)).toEqual({
      series: [],
      metadata: [
        { type: 1, family: 'a_total', help: 'Help of "a".', unit: 'tokens' },
        { type: 2, family: 'b', help: 'B.', unit: '' },
        { type: 3, family: 'c', help: 'C.', unit: 'seconds' },
        { type: 5, family: 'd', help: 'D.', unit: 'seconds' },
      ],
    })
    expect(hex(encodeMetadata({ name: 'b', type: 'gauge', help: 'B.', unit: '' }))).toBe(
      '1a09' + '0802' + '120162' + '2202422e',
    )
  })
})

describe('requestsOf', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme', maxLength: 300 }))
  const samples = fc.array(
    fc.record({
      labels: fc.dictionary(
        fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/),
        text.filter((value) => value !== ''),
      ),
      value: fc.option(fc.double({ noNaN: true }), { nil: null }),
    }),
    { maxLength: 40 },
  )

  it('is read back by a reader of its own', () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: 0, max: 2 ** 45 }), (given, at) => {
        const encoded = given.map(({ labels, value }) => ({
          labels: encodeLabels(new Map(Object.entries(labels))),
          value,
        }))
        const read = [...requestsOf(encoded.map((sample) => encodeSeries(sample, at)))].flatMap(
          ({ body }) => decodeRequest(body).series,
        )
        expect(read.map(({ labels }) => Object.fromEntries(labels))).toEqual(
          given.map(({ labels }) => Object.fromEntries(Object.entries(labels))),
        )
        expect(read.map(({ samples: [sample] }) => sample)).toEqual(
          given.map(({ value }) =>
            value === null
              ? { value: Number.NaN, bits: '7ff0000000000002', at }
              : expect.objectContaining({ value, at }),
          ),
        )
      }),
    )
  })

  it('survives compression, whatever it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3_000 }), fc.integer({ min: 1, max: 60 }), (bytes, times) => {
        // Blocks of the format end at 64 KiB.
        const long = Buffer.concat(Array.from({ length: times }, () => bytes))
        const series = encodeLabels(new Map([['l', long.toString('latin1')]]))
        const [request] = [...requestsOf([encodeSeries({ labels: series, value: 1 }, 1)])]
        expect(decodeRequest(request?.body ?? new Uint8Array()).series[0]?.labels).toEqual(
          long.length === 0 ? [] : [['l', long.toString('latin1')]],
        )
      }),
      { numRuns: 50 },
    )
  })

  it('begins a new request after 1,000 series', () => {
    const many = Array.from({ length: 2_001 }, (_, index) => index)
    const requests = [
      ...requestsOf(
        many.map((value) => encodeSeries({ labels: encodeLabels(new Map([['a', `${value}`]])), value }, AT)),
      ),
    ]
    expect(requests.map((request) => request.samples)).toEqual([1_000, 1_000, 1])
    expect(
      requests.flatMap(({ body }) => decodeRequest(body).series.map(({ samples: [sample] }) => sample?.value)),
    ).toEqual(many)
  })

  it('begins a new request before 1 MiB, and sends a longer series alone', () => {
    const long = (name: string, length: number) =>
      encodeSeries({ labels: encodeLabels(new Map([[name, 'x'.repeat(length)]])), value: 1 }, AT)
    const requests = [...requestsOf([long('a', 600_000), long('b', 600_000), long('c', 2_000_000), long('d', 1)])]
    expect(requests.map((request) => request.samples)).toEqual([1, 1, 1, 1])
  })

  it('makes no request of nothing', () => {
    expect([...requestsOf([])]).toEqual([])
  })
})

function sent(value: number | null, at = AT) {
  const labels = encodeLabels(new Map([['__name__', 'x']]))
  const { series } = decodeMessage(encodeSeries({ labels, value }, at))
  return series[0]?.samples[0]
}

function labelsOf(labels: Record<string, string>) {
  const [request] = [
    ...requestsOf([encodeSeries({ labels: encodeLabels(new Map(Object.entries(labels))), value: 1 }, AT)]),
  ]
  return decodeRequest(request?.body ?? compress(new Uint8Array())).series[0]?.labels ?? []
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
