/** Use that goes on hour by hour: one key, model and tier. */
export interface Stream {
  readonly workspaceId: string | null
  readonly apiKeyId: string | null
  readonly model: string
  readonly serviceTier: string
  readonly contextWindow: string
  readonly inferenceGeo: string | null
  readonly weight: number
  /** Day and night, not only in working hours. */
  readonly always: boolean
  readonly searches: boolean
}

export const ORGANIZATION = { id: '5a1d1c0e-8f0b-4a57-9d53-1f6e2c1b7a90', name: 'Example Org' } as const
export const DEFAULT_WORKSPACE = 'wrkspc_01DefaultDefaultDefault00'

export const WORKSPACES = [
  { id: DEFAULT_WORKSPACE, name: 'Default', archived: false },
  { id: 'wrkspc_01ShopShopShopShopShop00', name: 'Shop', archived: false },
  { id: 'wrkspc_01ResearchResearchRese00', name: 'Research', archived: false },
  { id: 'wrkspc_01OldPilotOldPilotOldP00', name: 'Old pilot', archived: true },
] as const

export const API_KEYS = [
  { id: 'apikey_01Support', name: 'support-bot', workspaceId: DEFAULT_WORKSPACE, status: 'active' },
  { id: 'apikey_01Checkout', name: 'checkout', workspaceId: WORKSPACES[1].id, status: 'active' },
  { id: 'apikey_01Nightly', name: 'nightly-batch', workspaceId: WORKSPACES[2].id, status: 'active' },
  { id: 'apikey_01Pilot', name: 'pilot', workspaceId: WORKSPACES[3].id, status: 'archived' },
  { id: 'apikey_01Shared', name: 'shared', workspaceId: null, status: 'inactive' },
] as const

/** A small organisation: the default workspace, the Console, batches, priority tier and long contexts all occur. */
export function createStreams(): readonly Stream[] {
  const opus = { ...BASE, model: 'claude-opus-4-8', inferenceGeo: 'global' }
  const sonnet = { ...BASE, model: 'claude-sonnet-4-6', inferenceGeo: 'global' }
  const haiku = { ...BASE, model: 'claude-haiku-4-5' }
  const [, shop, research, pilot] = WORKSPACES
  const [support, checkout, nightly, pilotKey] = API_KEYS
  return [
    { ...sonnet, apiKeyId: support.id, always: true, weight: 2 },
    { ...haiku, apiKeyId: support.id, always: true, weight: 4 },
    { ...opus, weight: 0.4, searches: true },
    { ...haiku, workspaceId: shop.id, apiKeyId: checkout.id, always: true, weight: 3 },
    { ...sonnet, workspaceId: shop.id, apiKeyId: checkout.id, inferenceGeo: 'us', searches: true },
    { ...sonnet, workspaceId: shop.id, apiKeyId: checkout.id, serviceTier: 'priority' },
    { ...opus, workspaceId: research.id, apiKeyId: nightly.id, serviceTier: 'batch', always: true },
    { ...sonnet, workspaceId: research.id, apiKeyId: nightly.id, contextWindow: '200k-1M', weight: 0.5 },
    { ...opus, workspaceId: pilot.id, apiKeyId: pilotKey.id, weight: 0.2 },
  ]
}

const BASE: Omit<Stream, 'model'> = {
  workspaceId: null,
  apiKeyId: null,
  serviceTier: 'standard',
  contextWindow: '0-200k',
  inferenceGeo: null,
  weight: 1,
  always: false,
  searches: false,
}
