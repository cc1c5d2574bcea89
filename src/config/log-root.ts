import * as z from 'zod/mini'
import type { Billing } from '../core/usage.ts'
import { choice, path } from './types.ts'
import type { ValueType } from './value-type.ts'

/** Who pays for use: every token at its price, or a flat-rate plan. */
export const billing = choice(['metered', 'plan'] as const satisfies readonly Billing[])

/** A folder with an agent's logs, named by the user. */
export interface LogRootSetting {
  readonly path: string
  /** Absent: as the source's `billing` says. */
  readonly billing?: Billing
}

/** Written as a path alone or as `{path, billing}`. */
export const logRoot: ValueType<LogRootSetting, ''> = {
  name: 'path',
  schema: z.union(
    [
      z.pipe(
        path.schema,
        z.transform((folder): LogRootSetting => ({ path: folder })),
      ),
      z.pipe(
        z.strictObject({ path: path.schema, billing: z.optional(billing.schema) }),
        z.transform(
          (root): LogRootSetting => ({
            path: root.path,
            ...(root.billing && { billing: root.billing }),
          }),
        ),
      ),
    ],
    { error: 'a path, or {path: ..., billing: metered or plan}' },
  ),
  fromText: (text) => text,
  flag: 'single',
  unit: '',
  locate: (root, absolute) => ({ ...root, path: absolute(root.path) }),
}
