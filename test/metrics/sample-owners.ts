import type { OwnersPart } from '../../src/view/owners/part.ts'

/** A team with a bill, a name that tries to break out of the text, and what no rule takes. */
export const sampleOwners: OwnersPart = {
  settings: { rules: { usage: [], billed: [] }, share: 'none', count: 2 },
  monthToDate: [
    {
      labels: { owner: 'ada', team: 'shop', cost_center: '4711' },
      tokens: [1_000n, 0n, 20n, 300_000n, 4_000n],
      estimatedPico: 1_230_000_000_001n,
      planPico: 0n,
      billedPico: 2_500_000_000_000n,
    },
    {
      labels: { owner: '=cmd|"\\} 1\'<script>`', team: 'none', cost_center: 'none' },
      tokens: [0n, 0n, 0n, 0n, 7n],
      estimatedPico: 0n,
      planPico: 105_000_000n,
      billedPico: 0n,
    },
    {
      labels: { owner: 'unallocated', team: 'unallocated', cost_center: 'unallocated' },
      tokens: [0n, 0n, 0n, 0n, 0n],
      estimatedPico: 0n,
      planPico: 0n,
      billedPico: -5n,
    },
  ],
}
