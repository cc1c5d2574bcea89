import type { DashboardSpec } from '../../lib/dashboard.ts'
import { byModel, byProject } from './breakdown.ts'
import { hitRatio, net, premium, saved, tokens, writeShare } from './figures.ts'
import { classes, hitRatioByProject, money, regression, shares } from './trends.ts'

export const cache: DashboardSpec = {
  name: 'cache',
  title: 'Claude usage: tokens and cache',
  description: 'Which tokens are used, how much of the prompts comes from the cache, and whether that pays.',
  from: 'now-30d',
  refresh: '1m',
  filters: ['job', 'instance', 'machine', 'source', 'agent', 'project', 'model'],
  marks: ['prices', 'corrections', 'reloads'],
  sections: (select) => [
    { panels: [tokens(select), hitRatio(select), writeShare(select), saved(select), premium(select), net(select)] },
    { panels: [classes(select), shares(select)] },
    { title: 'Does the cache pay', panels: [money(select), hitRatioByProject(select), regression(select)] },
    { title: 'By model and project', panels: [byModel(select), byProject(select)] },
  ],
}
