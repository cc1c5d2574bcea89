import type { DemoCall } from '../world.ts'

type Account = NonNullable<DemoCall['billedTo']>

/** Workspaces and keys that metered calls are billed to. */
export const ACCOUNTS = {
  web: { workspaceId: 'wrkspc_demo_web', apiKeyId: 'apikey_demo_web' },
  mobile: { workspaceId: 'wrkspc_demo_web', apiKeyId: 'apikey_demo_mobile' },
  platform: { workspaceId: 'wrkspc_demo_platform', apiKeyId: 'apikey_demo_platform' },
  data: { workspaceId: 'wrkspc_demo_platform', apiKeyId: 'apikey_demo_data' },
  agents: { workspaceId: 'wrkspc_demo_agents', apiKeyId: 'apikey_demo_agents' },
} as const satisfies Readonly<Record<string, Account>>
