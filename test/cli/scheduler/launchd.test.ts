import { describe, expect, it } from 'vitest'
import { printed, scheduler } from './support.ts'

type Value = string | number | boolean | Value[] | { [key: string]: Value }

/** What a property list says. Throws for anything that is not well formed. */
function parsePropertyList(text: string): Value {
  const body =
    /^<\?xml version="1.0" encoding="UTF-8"\?>\n<!DOCTYPE plist [^>]*>\n<plist version="1.0">(.*)<\/plist>\n$/s.exec(
      text,
    )?.[1]
  const tokens = [...(body ?? '').matchAll(/\s*(<\/?\w+\/?>|[^<>]+(?=<\/))/g)].map(([, token = '']) => token)
  const take = (expected?: string): string => {
    const token = tokens.shift()
    if (token === undefined || (expected !== undefined && token !== expected))
      throw new Error(`${token}, not ${expected}`)
    return token
  }
  const text1 = (tag: string) => {
    const value = tokens[0] === `</${tag}>` ? '' : take()
    take(`</${tag}>`)
    return value.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
  }
  const value = (): Value => {
    const tag = take()
    if (tag === '<string>') return text1('string')
    if (tag === '<integer>') return Number(text1('integer'))
    if (tag === '<true/>') return true
    if (tag === '<array>') {
      const items: Value[] = []
      while (tokens[0] !== '</array>') items.push(value())
      take('</array>')
      return items
    }
    if (tag !== '<dict>') throw new Error(`unexpected ${tag}`)
    const entries: [string, Value][] = []
    while (tokens[0] !== '</dict>') {
      take('<key>')
      entries.push([text1('key'), value()])
    }
    take('</dict>')
    return Object.fromEntries(entries)
  }
  const parsed = value()
  expect(tokens.map((token) => token.trim()).filter(Boolean)).toEqual([])
  return parsed
}

async function job(...words: string[]) {
  return parsePropertyList(await printed(['--format', 'launchd', '--program', '/opt/x', ...words], { home: '/tmp' }))
}

describe('scheduler --format launchd', () => {
  it('is a property list for an agent of the user', async () => {
    expect(await job('--run', 'summary --project \'a <b> & "c"\'')).toEqual({
      Label: 'claude-usage-exporter-summary',
      ProgramArguments: ['/opt/x', 'summary', '--project', 'a <b> & "c"'],
      WorkingDirectory: '/tmp',
      StartCalendarInterval: [
        { Hour: 8, Minute: 0 },
        { Hour: 18, Minute: 0 },
      ],
      ProcessType: 'Background',
      StandardOutPath: '/tmp/Library/Logs/claude-usage-exporter-summary.log',
      StandardErrorPath: '/tmp/Library/Logs/claude-usage-exporter-summary.log',
    })
  })

  it.each([
    ['* * * * *', [{}]],
    ['*/30 * * * *', [{ Minute: 0 }, { Minute: 30 }]],
    [
      '5 9 * * mon,sun',
      [
        { Weekday: 0, Hour: 9, Minute: 5 },
        { Weekday: 1, Hour: 9, Minute: 5 },
      ],
    ],
    [
      '0 0 13 3 5',
      [
        { Month: 3, Day: 13, Hour: 0, Minute: 0 },
        { Month: 3, Weekday: 5, Hour: 0, Minute: 0 },
      ],
    ],
  ])('%s', async (schedule, entries) => {
    expect(await job('--run', 'summary', '--schedule', schedule)).toMatchObject({ StartCalendarInterval: entries })
  })

  it('keeps the exporter running where it is to serve', async () => {
    const list = await job('--run', 'serve')
    expect(list).toMatchObject({ Label: 'claude-usage-exporter', RunAtLoad: true, KeepAlive: true })
    expect(list).not.toHaveProperty('StartCalendarInterval')
  })

  it('says that launchd knows no zones', async () => {
    const { err } = await scheduler([
      '--format',
      'launchd',
      '--program',
      '/x',
      '--run',
      'summary',
      '--tz',
      'Asia/Tokyo',
    ])
    expect(err).toContain(
      "launchd knows no zones: the times are those of the Mac's own zone, which here is Europe/Berlin",
    )
  })

  it('refuses times that would fill a file', async () => {
    const { exitCode, err } = await scheduler([
      '--format',
      'launchd',
      '--program',
      '/x',
      '--run',
      'summary',
      '--schedule',
      '*/5 1-23 * * 1-5',
    ])
    expect(exitCode).toBe(2)
    expect(err).toContain('launchd would need 1380 entries for these times, more than 700')
  })
})
