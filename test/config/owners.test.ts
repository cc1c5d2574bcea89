import { describe, expect, it } from 'vitest'
import { ownerSettingsOf } from '../../src/config/owners.ts'
import { loadFrom, refusal } from './load-from.ts'

const NAME = 'a name of 1 to 128 characters without blanks around it, other than unallocated and none'
const PATTERN = 'a text such as web or web-*, or a list of them; numbers in quotes'

/** A list of rules in the configuration file, the first in its second line. */
const rules = (...entries: readonly string[]) => `owners:\n${entries.map((entry) => `  - ${entry}`).join('\n')}\n`

describe('owner rules that are refused', () => {
  it.each([
    ['an owner of blanks', '{owner: " "}', '2:13: owners[0].owner', `expected ${NAME} (got " ")`],
    ['an owner with a line feed', '{owner: "a\\nb"}', '2:13: owners[0].owner', `expected ${NAME} (got "a\\nb")`],
    ['half of a character', '{owner: "\\ud800"}', '2:13: owners[0].owner', `expected ${NAME}`],
    ['the name of the row without owner', '{team: unallocated}', '2:12: owners[0].team', `expected ${NAME}`],
    ['no patterns', '{project: [], owner: a}', '2:15: owners[0].project', `expected ${PATTERN} (got [])`],
    ['a number for a pattern', '{project: 7, owner: a}', '2:15: owners[0].project', `expected ${PATTERN} (got 7)`],
    ['a misspelt condition', '{projekt: a, owner: a}', '2:6: owners[0].projekt', 'unknown key; did you mean project?'],
    ['a day that is none', '{owner: a, since: 2026-02-30}', '2:23: owners[0].since', 'expected a date'],
    ['no owner and no team', '{project: a}', '2:5: owners[0]', 'a rule says neither owner nor team'],
    [
      'conditions of sessions and of the bill',
      '{workspace: w, project: a, owner: a}',
      '2:29: owners[0].project',
      'project is known of session logs only and workspace of the bill only',
    ],
    [
      'an end before the begin',
      '{owner: a, since: 2026-03-02, until: 2026-03-01}',
      '2:42: owners[0].until',
      'is before since',
    ],
  ])('%s', async (_, entry, place, text) => {
    const { message } = await refusal({ yaml: rules(entry) })
    expect(message).toContain(`/etc/exporter.yml:${place}`)
    expect(message).toContain(text)
  })

  it.each([
    ['the same again', '{project: web, owner: a}', '{project: web, owner: b}'],
    ['something narrower', '{project: "web*", owner: a}', '{project: "web-s*", owner: b}'],
    ['one more condition', '{project: web, owner: a}', '{project: web, agent: x, owner: b}'],
    ['anything, after everything', '{owner: a}', '{workspace: w, owner: b}'],
    ['a session, after all projects', '{project: "*", owner: a}', '{agent: x, owner: b}'],
    ['a cost, after all organisations', '{organization: "*", owner: a}', '{api_key: k, owner: b}'],
    ['some of a list', '{project: [a, b], owner: a}', '{project: b, owner: b}'],
    ['a shorter time', '{project: a, owner: a, since: 2026-01-01}', '{project: a, owner: b, since: 2026-02-01}'],
  ])('a rule that takes %s', async (_, first, second) => {
    const { message, fix } = await refusal({ yaml: rules(first, second) })
    expect(message).toContain('/etc/exporter.yml:3:5: owners[1]')
    expect(message).toContain('can never match')
    expect(message).toContain('/etc/exporter.yml:2:5')
    expect(fix).toContain('narrower rule of the two first')
  })
})

describe('owner rules that are accepted', () => {
  it.each([
    ['something wider after something narrower', '{project: web, owner: a}', '{project: "*", owner: b}'],
    ['the bill after all sessions', '{project: "*", owner: a}', '{workspace: w, owner: b}'],
    ['fees after all workspaces', '{workspace: "*", owner: a}', '{organization: acme, owner: b}'],
    ['what is left after all projects', '{project: "*", owner: a}', '{owner: b}'],
    ['a time after another', '{project: a, owner: a, until: 2026-02-28}', '{project: a, owner: b, since: 2026-03-01}'],
    ['a longer time', '{project: a, owner: a, since: 2026-02-01}', '{project: a, owner: b}'],
    ['another condition', '{project: web, owner: a}', '{agent: x, owner: b}'],
  ])('%s', async (_, first, second) => {
    const { config } = await loadFrom({ yaml: rules(first, second) })
    expect(ownerSettingsOf(config).count).toBe(2)
  })

  it('are told apart by what they are about; one without conditions is about both', async () => {
    const { config } = await loadFrom({
      yaml: rules('{project: a, owner: a}', '{workspace: w, owner: b}', '{team: rest, cost_center: "4711"}'),
    })
    const { rules: all, share } = ownerSettingsOf(config)
    expect(all.usage.map(({ charged }) => charged)).toEqual([
      { owner: 'a', team: 'none', costCenter: 'none' },
      { owner: 'none', team: 'rest', costCenter: '4711' },
    ])
    expect(all.billed.map(({ charged }) => charged.owner)).toEqual(['b', 'none'])
    expect(share).toBe('none')
  })

  it('may have any name that fits on a line', async () => {
    const { config } = await loadFrom({ yaml: rules('{owner: "=cmd|\'<b>`🙂"}') })
    expect(config.owners[0]?.owner).toBe("=cmd|'<b>`🙂")
  })
})
