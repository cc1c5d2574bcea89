import type { Setting } from './setting.ts'
import type { settings } from './settings.ts'

/**
 * The configuration as plain values: `web.listen_address` is `config.web.listenAddress`, durations end in `Ms`, sizes
 * in `Bytes`.
 */
export type Config = TypedTree<typeof settings>

type TypedTree<Tree> = {
  readonly [Key in keyof Tree & string as TypedKey<Key, Tree[Key]>]: Tree[Key] extends Setting<infer T, string>
    ? T
    : TypedTree<Tree[Key]>
}

type TypedKey<Key extends string, Node> =
  Node extends Setting<unknown, infer Unit> ? `${Camel<Key>}${Unit}` : Camel<Key>

type Camel<Key extends string> = Key extends `${infer Head}_${infer Rest}` ? `${Head}${Capitalize<Camel<Rest>>}` : Key

/** `quiet_time` with unit `Ms` is `quietTimeMs`: the same rule for values as the types above have. */
export function typedKey(key: string, unit: string): string {
  return key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()) + unit
}
