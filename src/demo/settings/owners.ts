/**
 * Who is charged in the demo: teams by project and workspace. Some use is left to nobody, as anywhere.
 */
export const DEMO_OWNERS: readonly object[] = [
  { project: ['shop', 'mobile-app'], owner: 'web-team', team: 'shop', cost_center: '4711' },
  { workspace: 'Web', owner: 'web-team', team: 'shop', cost_center: '4711' },
  {
    project: ['payments-api', 'data-pipeline', 'infra'],
    owner: 'platform-team',
    team: 'platform',
    cost_center: '4712',
  },
  { workspace: 'Platform', owner: 'platform-team', team: 'platform', cost_center: '4712' },
  { workspace: 'Production', owner: 'operations', team: 'platform', cost_center: '4713' },
  { project: ['support-bot', 'research-notes'], owner: 'agents', team: 'operations' },
  { workspace: 'Agents', owner: 'agents', team: 'operations' },
]
