/** Budgets of the example that people begin with, and the one that needs no session logs. */
const STARTERS = ['daily', 'weekly-tokens', 'monthly', 'agent-reviewer', 'project-shop', 'workspace-research']

const HEAD = `# Configuration of claude-usage-exporter. As it stands it changes nothing: take the "#" directly before a name away to
# turn a setting on. Every setting: claude-usage-exporter.example.yml. Where to listen, where the ledger is and where the
# key is are in the Deployment.

# Zone whose midnights begin days, weeks and months. Default: the container's, which is UTC. Example:
#time_zone: Europe/Berlin

# Take the "#" before "budgets:" away as well. Without session logs in the Pod only budgets over what the provider bills
# or counts have data: give the others \`basis: billed_cost\` (dollars) or \`basis: api_tokens\`.

#budgets:
`

/**
 * The configuration to start with: the starter budgets of the example configuration, turned off as they are there.
 * Throws where the example has no longer one of them.
 */
export function starterConfig(example: string): string {
  const paragraphs = example.split(/\n\n+/)
  const budgets = STARTERS.map((name) => {
    const found = paragraphs.find((paragraph) => paragraph.split('\n').includes(`  #- name: ${name}`))
    if (found === undefined) throw new Error(`the example configuration has no budget "${name}"`)
    return found.slice(found.startsWith('#budgets:\n') ? '#budgets:\n'.length : 0).trimEnd()
  })
  return `${HEAD}${budgets.join('\n\n')}\n`
}
