import { durationText } from '../../core/duration-text.ts'
import { LIST_DAYS, type Overview } from '../../overview/overview.ts'
import { count, nothing } from '../figures.ts'
import { type Html, type HtmlValue, html } from '../html.ts'
import { type Moment, when } from '../moment.ts'
import { agentName, keyOf, name, plainNames, sessionName } from '../names.ts'
import { empty, section } from '../section.ts'
import { type TableParts, table } from '../table.ts'
import { CACHE_HITS, type ListName, requestsColumn, shareColumn, usageColumns } from './usage-columns.ts'

const CAPTION = `the last ${LIST_DAYS} days`

export function agentsSection({ agents }: Overview): Html {
  const parts: TableParts<(typeof agents.rows)[number]> = {
    caption: `Agents, ${CAPTION}`,
    rows: agents.rows,
    key: ({ source, agent }) => keyOf(source, agent),
    columns: [
      {
        header: 'Agent',
        cell: ({ source, agent }) => html`${agentName(agent)} <small>${name(source)}</small>`,
      },
      ...usageColumns('agents', agents.totals),
      {
        header: 'Model in use',
        cell: ({ modelInUse }) => (modelInUse === null ? html`<span class="soft">not known</span>` : name(modelInUse)),
      },
      {
        header: 'Active',
        isNumber: true,
        cell: ({ activeSessions }, index) => count(activeSessions, `agents.rows[${index}].activeSessions`),
      },
      shareColumn(agents.totals),
      CACHE_HITS,
    ],
  }
  return list('agents', 'Agents', agents, table(parts))
}

export function modelsSection({ models }: Overview): Html {
  const columns = [
    ...usageColumns('models', models.totals),
    shareColumn(models.totals),
    requestsColumn('models'),
    CACHE_HITS,
  ]
  const parts: TableParts<(typeof models.rows)[number]> = {
    caption: `Models, ${CAPTION}`,
    rows: models.rows,
    key: ({ model }) => keyOf(model),
    columns: [{ header: 'Model', cell: ({ model }) => name(model) }, ...columns],
  }
  return list('models', 'Models', models, table(parts))
}

export function projectsSection({ projects }: Overview): Html {
  const parts: TableParts<(typeof projects.rows)[number]> = {
    caption: `Projects, ${CAPTION}`,
    rows: projects.rows,
    key: ({ project }) => keyOf(project),
    columns: [
      { header: 'Project', cell: ({ project }) => name(project) },
      ...usageColumns('projects', projects.totals),
      shareColumn(projects.totals),
      { header: 'Sessions', isNumber: true, cell: ({ sessions }) => count(sessions, null) },
      CACHE_HITS,
    ],
  }
  return list('projects', 'Projects', projects, table(parts))
}

export function sessionsSection({ sessions }: Overview, moment: Moment): Html {
  const parts: TableParts<(typeof sessions.rows)[number]> = {
    caption: `Most expensive sessions, ${CAPTION}`,
    rows: sessions.rows,
    key: ({ source, session }) => keyOf(source, session.slice(0, KEY_LENGTH)),
    columns: [
      {
        header: 'Session',
        cell: ({ session, agent, project }) =>
          html`${name(project)} <small>${agentName(agent)} <code>${sessionName(session)}</code></small>`,
      },
      ...usageColumns('sessions', sessions.totals),
      { header: 'Duration', isNumber: true, cell: ({ durationSeconds }) => durationText(durationSeconds * 1_000) },
      { header: 'Last', cell: ({ last }) => when(last, moment) },
      { header: 'Models', cell: ({ models }) => modelNames(models) },
    ],
  }
  return list('sessions', 'Top sessions', sessions, table(parts))
}

/** Characters of a session's id, enough to tell the rows apart. */
const KEY_LENGTH = 13
const MODELS_IN_TITLE = 20

/** The most expensive one; the others when somebody asks. */
function modelNames(models: readonly string[]): Html {
  const [first, ...others] = models
  if (first === undefined) return nothing('no model is known')
  if (others.length === 0) return name(first)
  const title = plainNames(others.slice(0, MODELS_IN_TITLE))
  return html`${name(first)} <abbr title="${title}">+${others.length}</abbr>`
}

type List = Pick<Overview['agents'], 'complete' | 'page'> & { readonly rows: readonly unknown[] }

function list(id: ListName, heading: string, { rows, page, complete }: List, content: Html): Html {
  if (rows.length > 0) return section(id, heading, content, noteOf(rows.length, page.total))
  return section(id, heading, complete ? NO_USE : empty('These follow once the history of the logs is read.'))
}

function noteOf(shown: number, total: number | null): HtmlValue {
  return total !== null && total > shown ? `the top ${shown} of ${total}, ${CAPTION}` : CAPTION
}

const NO_USE = empty(`Nothing was used in ${CAPTION}.`)
