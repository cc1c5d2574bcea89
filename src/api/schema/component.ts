import * as z from 'zod/mini'

/** Schemas with a name of their own in the description of the API. */
export const components = z.registry<{ readonly id: string; readonly description?: string }>()

/** Gives a schema a name and says what it is. */
export function component<Schema extends z.ZodMiniType>(id: string, description: string, schema: Schema): Schema {
  components.add(schema, { id, description })
  return schema
}

/** Says what a value is, for those who read the description of the API. */
export function about<Schema extends z.ZodMiniType>(description: string, schema: Schema): Schema {
  return schema.check(z.describe(description)) as Schema
}
