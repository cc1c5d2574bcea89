import type { DashboardSpec } from '../../lib/dashboard.ts'
import { planValue, searches, unlogged, unpriced } from './beside.ts'
import { agentRates, costAgainstUsual, fastest, unattended } from './outliers.ts'
import { agents, machines, projects } from './tables.ts'
import { agentsPerDay, hours, machinesPerDay, modelMix, projectsPerDay } from './trends.ts'

export const projectsAndAgents: DashboardSpec = {
  name: 'projects',
  title: 'Claude usage: projects and agents',
  description: 'Who spends what, when and with which models, and who spends unlike usual. Costs are estimates.',
  from: 'now-30d',
  refresh: '1m',
  filters: ['job', 'instance', 'machine', 'source', 'agent', 'project', 'model'],
  marks: ['prices', 'corrections', 'reloads'],
  sections: (select) => [
    { panels: [projects(select), agents(select)] },
    { panels: [planValue(select), unlogged(select), unpriced(select), searches(select)] },
    {
      title: 'When and with what',
      panels: [projectsPerDay(select), agentsPerDay(select), modelMix(select), hours(select)],
    },
    { title: 'Per machine', panels: [machines(select), machinesPerDay(select)] },
    {
      title: 'Unlike usual, right now',
      panels: [costAgainstUsual(select), agentRates(select), fastest(select), unattended(select)],
    },
  ],
}
