import { describe, expect, it } from 'vitest'
import { bodyOf, MAX_MESSAGES } from '../../src/notify/format.ts'
import type { Message } from '../../src/notify/notice.ts'
import { noticesOf } from '../../src/notify/notices.ts'
import { activeRow, NOW, snapshot, spending } from './support/figures.ts'

const CONTEXT = { now: NOW, timeZone: 'Europe/Berlin' }

const hostile: Message = {
  name: 'ClaudeRunawaySession',
  severity: 'critical',
  summary: 'A session uses tokens at a very high rate.',
  description: 'Project <!channel> & <@U1> *bold* [here](http://evil.example) ||spoiler|| @everyone `code` uses it.',
  labels: { project: '<!channel>' },
  periodStart: null,
}

function parsed(messages: readonly Message[], format: 'json' | 'slack' | 'discord') {
  return JSON.parse(bodyOf(messages, format, CONTEXT))
}

describe('json', () => {
  it('has every notice, with what it is about', () => {
    expect(parsed(noticesOf(spending(68.62)), 'json')).toEqual({
      schemaVersion: 1,
      program: 'claude-usage-exporter',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      sentAt: '2026-05-10T14:00:00+02:00',
      notices: [
        {
          name: 'ClaudeBudgetExceeded',
          severity: 'critical',
          summary: 'A budget is exceeded.',
          description:
            'Budget team has used 137.2% of its limit: $68.62 of $50.00. The period ends 2026-06-01 00:00 +02:00.',
          labels: { budget: 'team', owner: 'ada' },
          periodStart: '2026-05-01T00:00:00+02:00',
        },
      ],
    })
  })
})

describe('slack', () => {
  it('escapes what would mention or link', () => {
    const { text, blocks } = parsed([hostile], 'slack')
    expect(text).toBe('[critical] A session uses tokens at a very high rate.')
    expect(blocks).toEqual([
      {
        type: 'section',
        text: {
          type: 'mrkdwn',
          verbatim: true,
          text: expect.stringContaining('*\nProject &lt;!channel&gt; &amp; &lt;@U1&gt; '),
        },
      },
    ])
  })

  it('keeps within a section, however much escaping adds', () => {
    const { blocks } = parsed([{ ...hostile, description: '&'.repeat(10_000) }], 'slack')
    expect(blocks[0].text.text.length).toBeLessThanOrEqual(3_000)
    expect(blocks[0].text.text).toMatch(/(&amp;)+…$/)
  })
})

describe('discord', () => {
  it('mentions nobody and shows names as they are', () => {
    const { content, allowed_mentions } = parsed([hostile], 'discord')
    expect(allowed_mentions).toEqual({ parse: [] })
    expect(content).toBe(
      String.raw`**[critical] A session uses tokens at a very high rate.** Project \<!channel\> & \<@U1\> \*bold\* \[here\]\(http:\/\/evil.example\) \|\|spoiler\|\| @everyone ${'\\`'}code${'\\`'} uses it.`,
    )
  })

  it.each([1, MAX_MESSAGES])('keeps %i of the longest messages within a message', (count) => {
    const long = { ...hostile, description: '*'.repeat(10_000) }
    const { content } = parsed(
      Array.from({ length: count }, () => long),
      'discord',
    )
    expect(content.length).toBeLessThanOrEqual(2_000)
    expect(content.split('\n')).toHaveLength(count)
  })

  it('shows the whole of what a long name allows', () => {
    const notices = noticesOf(snapshot({ active: [activeRow({ project: '_'.repeat(90), tokensPerMinuteMax: 9e9 })] }))
    expect(parsed(notices, 'discord').content).toMatch(/uses 9,000,000,000 tokens per minute\.$/)
  })
})
