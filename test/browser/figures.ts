import type { Page } from 'playwright-core'

/** Where the documents that the page is made from are. The figures of the first have no name before their path. */
const DOCUMENTS = {
  status: '/api/status',
  summary: '/api/usage/summary?days=30',
  budgets: '/api/budgets',
  agents: '/api/agents?days=7&limit=10',
  models: '/api/models?days=7&limit=10',
  projects: '/api/projects?days=7&limit=10',
  sessions: '/api/sessions?days=7&limit=10',
  advice: '/api/advice',
  windows: '/api/windows',
  alerts: '/api/alerts',
  sources: '/api/sources',
  runs: '/api/runs?limit=5',
} as const

export interface Figure {
  /** Such as `agents.rows[0].tokens.total`. */
  readonly path: string
  readonly value: number
}

/** The figures that the page shows, as exact as they are. */
export function figuresOn(page: Page): Promise<Figure[]> {
  return page.locator('[data-figure]').evaluateAll((elements) =>
    elements.map((element) => ({
      path: element.getAttribute('data-figure') ?? '',
      value: Number(element.getAttribute('value') ?? Number.NaN),
    })),
  )
}

/** The documents of the API as they are now, by name. */
export async function readDocuments(url: string): Promise<Readonly<Record<string, unknown>>> {
  const documents = Object.entries(DOCUMENTS).map(async ([name, path]) => {
    const answer = await fetch(`${url}${path}`)
    if (!answer.ok) throw new Error(`${path} answers ${answer.status}`)
    return [name, await answer.json()] as const
  })
  return Object.fromEntries(await Promise.all(documents))
}

/** What the API says for a figure of the page; undefined where it says nothing. */
export function valueAt(documents: Readonly<Record<string, unknown>>, path: string): unknown {
  const steps = path.split(/[.[\]]+/).filter(Boolean)
  const [first = ''] = steps
  const all = first in documents ? steps : ['status', ...steps]
  return all.reduce<unknown>(
    (value, step) => (typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined),
    documents,
  )
}
