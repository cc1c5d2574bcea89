import type { ApiKeyName, WorkspaceName } from '../../core/organization.ts'
import { ACCOUNTS } from '../world/accounts.ts'

/** Ids of workspaces that stand in no log of the demo. */
export const WORKSPACES = {
  default: 'wrkspc_demo_default',
  production: 'wrkspc_demo_production',
  research: 'wrkspc_demo_research',
  prototype: 'wrkspc_demo_prototype',
} as const

/** Ids of their keys. */
export const KEYS = {
  chat: 'apikey_demo_chat',
  batch: 'apikey_demo_batch',
  contracts: 'apikey_demo_contracts',
  prototype: 'apikey_demo_prototype',
  /** What is used in the Console has no key. */
  console: 'none',
} as const

export const WORKSPACE_NAMES: readonly WorkspaceName[] = [
  { id: WORKSPACES.default, name: 'Default', status: 'active' },
  { id: ACCOUNTS.web.workspaceId, name: 'Web', status: 'active' },
  { id: ACCOUNTS.platform.workspaceId, name: 'Platform', status: 'active' },
  { id: ACCOUNTS.agents.workspaceId, name: 'Agents', status: 'active' },
  { id: WORKSPACES.production, name: 'Production', status: 'active' },
  { id: WORKSPACES.research, name: 'Research', status: 'active' },
  { id: WORKSPACES.prototype, name: 'Prototype', status: 'archived' },
]

export const KEY_NAMES: readonly ApiKeyName[] = [
  ...Object.entries(ACCOUNTS).map(([name, { apiKeyId: id, workspaceId }]) => ({
    id,
    name: `${name}-team`,
    status: 'active',
    workspaceId,
  })),
  { id: KEYS.chat, name: 'customer-chat', status: 'active', workspaceId: WORKSPACES.production },
  { id: KEYS.batch, name: 'catalogue-batch', status: 'active', workspaceId: WORKSPACES.production },
  { id: KEYS.contracts, name: 'contract-review', status: 'active', workspaceId: WORKSPACES.research },
  { id: KEYS.prototype, name: 'voice-prototype', status: 'inactive', workspaceId: WORKSPACES.prototype },
]
