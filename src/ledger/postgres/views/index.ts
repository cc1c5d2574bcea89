import { OPERATION_VIEWS } from './operation.ts'
import { SESSION_VIEWS, USAGE_VIEWS } from './usage.ts'
import type { View } from './view.ts'

/** What SQL people find beside the tables. None of them reads another one, so that their order does not matter. */
export const VIEWS: readonly View[] = [...USAGE_VIEWS, ...SESSION_VIEWS, ...OPERATION_VIEWS]
