import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Surface } from '../../../src/cli/privacy/visible.ts'
import { displayWidth } from '../../../src/cli/terminal/width.ts'
import { definitions } from '../../../src/metrics/definitions.ts'
import { exampleLines } from '../support/examples.ts'
import { runLine } from '../support/fake-io.ts'
import { homeWith, SAMPLE, type Use } from '../support/sample.ts'
import { startServing } from '../support/serving.ts'

async function privacy(uses: readonly Use[] = SAMPLE, config = '') {
  const home = await homeWith(uses)
  writeFileSync(join(home, 'c.yml'), config)
  const { out, err, exitCode } = await runLine(`privacy --json --config.file ${join(home, 'c.yml')}`, { home })
  expect({ err, exitCode }).toEqual({ err: '', exitCode: 0 })
  const document = JSON.parse(out) as { surfaces: Surface[]; notes: string[] }
  const surface = (name: Surface['name']) => document.surfaces.find((found) => found.name === name)
  const field = (name: Surface['name'], label: string) => surface(name)?.fields.find((found) => found.name === label)
  return { ...document, out, surface, field }
}

describe('privacy', () => {
  it('has every label of every family', async () => {
    const { surface } = await privacy()
    const labels = new Set(definitions.flatMap((definition) => definition.labels))
    const shown = surface('metrics')?.fields.map(({ name }) => name) ?? []
    for (const label of labels) expect(shown).toContain(label)
  })

  it('has every value that /metrics shows under the labels with names', async () => {
    const home = await homeWith(SAMPLE)
    const serving = await startServing('', { home })
    await serving.logged('following them')
    const text = await (await fetch(`${serving.url}/metrics`)).text()
    await serving.stop()
    const { out } = await runLine('privacy --json', { home })
    const { surfaces } = JSON.parse(out) as { surfaces: Surface[] }
    const metrics = surfaces.find(({ name }) => name === 'metrics')
    for (const label of ['agent', 'project', 'provider', 'model']) {
      const families = new Set(metrics?.fields.find(({ name }) => name === label)?.families)
      const lines = text
        .split('\n')
        .filter((line) => families.has(line.split('{')[0] ?? '') && line.includes('claude_tokens_total'))
      const seen = lines.map((line) => new RegExp(`[{,]${label}="([^"]*)"`).exec(line)?.[1])
      expect(seen.length).toBeGreaterThan(0)
      const known = metrics?.fields.find(({ name }) => name === label)?.values ?? []
      expect(known).toEqual(expect.arrayContaining([...new Set(seen)]))
    }
  })

  it('tells what hides a name', async () => {
    const { field } = await privacy()
    expect(field('metrics', 'project')).toMatchObject({
      values: ['blog', 'garden', 'shop', 'thesis', 'unknown'],
      hiddenBy: expect.stringContaining('projects.label: hash'),
    })
    expect(field('ledger', 'session id')).toMatchObject({ values: null, count: 6 })
  })

  it('tells of whole paths', async () => {
    expect((await privacy([], 'projects: { label: path }')).notes.join()).toContain('Whole paths')
    expect((await privacy([], 'projects: { label: hash, salt: s }')).notes.join()).not.toContain('Whole paths')
  })

  it('knows who is told by the webhook, without its address', async () => {
    const { surface, out } = await privacy(
      SAMPLE,
      'notify: { webhook_url: "https://hooks.example/secret", format: slack }',
    )
    expect(surface('webhook')?.reach).toContain('slack')
    expect(surface('webhook')?.fields.map(({ name }) => name)).toContain('project')
    expect(out).not.toContain('hooks.example')
    expect((await privacy()).surface('webhook')?.fields).toEqual([])
  })

  it('shows names out of hostile logs without doing what they say', async () => {
    const project = 'x\u001b[2J\u202e\n'
    const use: Use = { at: '2026-05-04T08:00:00Z', project, tokens: { output: 1 } }
    const home = await homeWith([use])
    for (const line of ['privacy', 'privacy --all', 'privacy --json']) {
      const { out } = await runLine(line, { home, width: 80 })
      expect(out).not.toMatch(/[^\n\P{Cc}]|\p{Bidi_Control}/u)
      expect(out).toContain('x\\u001b[2J')
    }
  })

  it.each([60, 80, 120, 160])('fits %i columns', async (width) => {
    const { out } = await runLine('privacy', { home: await homeWith(SAMPLE), width })
    for (const line of out.split('\n')) {
      // A path has no blank to break at.
      if (!line.includes('/')) expect(displayWidth(line)).toBeLessThanOrEqual(width)
    }
  })

  it('works before there is a ledger', async () => {
    const { out, exitCode } = await runLine('privacy')
    expect(exitCode).toBe(0)
    expect(out).toContain('There is no ledger yet')
  })

  it('has examples that work', async () => {
    const home = await homeWith(SAMPLE)
    for (const line of await exampleLines('privacy')) {
      expect(await runLine(line, { home })).toMatchObject({ exitCode: 0, err: '' })
    }
  })
})
