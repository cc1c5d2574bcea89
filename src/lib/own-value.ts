/** The value a JSON object has under a key; undefined for everything else, inherited properties included. */
export function ownValue(object: unknown, key: string): unknown {
  if (object === null || typeof object !== 'object' || !Object.hasOwn(object, key)) return undefined
  return Reflect.get(object, key)
}
