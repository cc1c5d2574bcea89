import type { Config } from '../../config/config.ts'
import { isLoopback } from '../../config/listen-address.ts'
import { notifySettingsOf } from '../../config/notify.ts'
import { definitions } from '../../metrics/definitions.ts'
import { healthDefinitions } from '../../metrics/health-definitions.ts'
import type { KnownNames } from './names.ts'
import type { Surface, VisibleField } from './visible.ts'

/** Everywhere that names can be seen, with the names there are now. */
export function surfaces(config: Config, names: KnownNames): Surface[] {
  return [metrics(config, names), ledger(config, names), reports(config, names), webhook(config, names)]
}

function metrics({ web }: Config, names: KnownNames): Surface {
  const families = new Map<string, string[]>()
  for (const { name, labels } of [...definitions, ...Object.values(healthDefinitions)]) {
    for (const label of labels) families.set(label, [...(families.get(label) ?? []), name])
  }
  const isLocal = web.listenAddress.every(isLoopback)
  const who = isLocal ? 'programs on this machine' : 'everybody who reaches web.listen_address'
  return {
    name: 'metrics',
    title: 'Labels of /metrics',
    reach: `${who}${web.configFile === '' ? '' : ', with what web.config_file asks for'}, and who may ask the Prometheus that scrapes it`,
    fields: [...families].sort(byUse).map(([label, list]): VisibleField => {
      const values = names.byLabel.get(label) ?? null
      return { name: label, values, count: values?.length ?? null, families: list, hiddenBy: HIDDEN_BY[label] ?? null }
    }),
  }
}

/** What stands in the most families first. */
function byUse(
  [a, some]: readonly [string, readonly string[]],
  [b, others]: readonly [string, readonly string[]],
): number {
  return others.length - some.length || (a < b ? -1 : 1)
}

const ORGANIZATION = 'admin_api.directory.enabled: false'

const HIDDEN_BY: Readonly<Record<string, string>> = {
  source: 'sources.*.enabled: false',
  agent: 'nothing but sources.*.enabled: false',
  project: 'projects.label: hash (with projects.salt), projects.aliases',
  model: 'pricing.aliases',
  provider: 'nothing but sources.*.enabled: false',
  machine: 'metrics.machine_label: never in usage; machine.name gives it another name',
  organization: 'admin_api.organization gives it another name',
  organization_id: ORGANIZATION,
  organization_name: ORGANIZATION,
  workspace_id: 'admin_api.enabled: false',
  workspace_name: ORGANIZATION,
  api_key_id: 'admin_api.enabled: false',
  api_key_name: ORGANIZATION,
  actor: 'admin_api.claude_code.enabled: false, as it is by default',
  budget: 'budgets[].name gives it another name',
  owner: 'budgets[].owner left out',
}

function ledger({ storage }: Config, names: KnownNames): Surface {
  const { byLabel, branches, modelIds, logPaths, sessions } = names
  const named = (name: string, values: readonly string[], hiddenBy: string | null): VisibleField => ({
    name,
    values,
    count: values.length,
    families: [],
    hiddenBy,
  })
  const plain = (name: string, count: number | null = null): VisibleField => ({
    name,
    values: null,
    count,
    families: [],
    hiddenBy: null,
  })
  const labels = [...byLabel].filter(([label]) => label !== 'budget' && label !== 'owner')
  return {
    name: 'ledger',
    title: 'What the ledger keeps',
    reach: `who may read ${storage.path}; backups of it too`,
    fields: [
      ...labels.map(([label, values]) => named(label, values, HIDDEN_BY[label] ?? null)),
      named('model id as logged', modelIds, null),
      named('git branch', branches, 'nothing; it is never a label'),
      named('path of a log', logPaths, 'nothing; Claude Code writes the folder of a project into it'),
      plain('session id', sessions),
      plain('times, token counts, prices and costs of each response'),
      plain('when a person last wrote in a session'),
      plain('ids of responses, as hashes'),
      plain('limits and crossings of budgets'),
      plain('errors of runs over an organisation'),
    ],
  }
}

function reports(_config: Config, { byLabel, branches, sessions }: KnownNames): Surface {
  const field = (name: string, values: readonly string[] | null, count: number | null): VisibleField => ({
    name,
    values,
    count,
    families: [],
    hiddenBy: HIDDEN_BY[name] ?? null,
  })
  const shown = ['source', 'agent', 'project', 'provider', 'model', 'machine', 'budget'] as const
  return {
    name: 'reports',
    title: 'Reports and exports',
    reach: 'who runs a command with this ledger, and who is sent what it wrote',
    fields: [
      ...shown.map((name) => field(name, byLabel.get(name) ?? [], byLabel.get(name)?.length ?? 0)),
      field('git branch', branches, branches.length),
      field('session id', null, sessions),
    ],
  }
}

function webhook(config: Config, { byLabel }: KnownNames): Surface {
  const { url, urlFile, format } = notifySettingsOf(config)
  const isOn = url !== null || urlFile !== null
  const told = ['budget', 'owner', 'source', 'agent', 'project', 'organization'] as const
  return {
    name: 'webhook',
    title: 'Notices of the webhook',
    reach: isOn ? `who reads where notify.webhook_url posts to (${format})` : 'nobody: no webhook is configured',
    fields: isOn
      ? told.map((name) => {
          const values = byLabel.get(name) ?? []
          return { name, values, count: values.length, families: [], hiddenBy: HIDDEN_BY[name] ?? null }
        })
      : [],
  }
}
