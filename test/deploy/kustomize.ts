import { parse } from 'yaml'
import type { Manifest } from './manifests.ts'

/** What the pages use of a kustomization. Anything else is refused, so that no part of an example goes unseen. */
export interface Kustomization {
  readonly namespace?: string
  readonly images?: readonly { readonly name: string; readonly newName: string; readonly newTag: string }[]
  readonly labels?: readonly { readonly pairs: Readonly<Record<string, string>> }[]
  readonly patches?: readonly Patch[]
}

interface Patch {
  readonly target?: { readonly kind: string; readonly name?: string }
  readonly patch: string
}

export interface Operation {
  readonly op: string
  readonly path: string
  readonly value?: unknown
}

type Fields = Record<string, unknown>

const KNOWN = ['apiVersion', 'kind', 'resources', 'namespace', 'images', 'labels', 'patches']
/** By which key Kubernetes tells the elements of a list apart. */
const MERGE_KEYS: Readonly<Record<string, string>> = { containers: 'name', volumes: 'name', volumeMounts: 'mountPath' }

/** What `kubectl kustomize` makes of these objects. Throws where it would. */
export function kustomized(kustomization: Kustomization, objects: Iterable<Manifest>): readonly Manifest[] {
  const unknown = Object.keys(kustomization).filter((key) => !KNOWN.includes(key))
  if (unknown.length > 0) throw new Error(`not known here: ${unknown.join(', ')}`)
  const { namespace, images = [], labels = [], patches = [] } = kustomization
  const built = [...objects].map((object) => structuredClone(object))
  for (const patch of patches) applyPatch(patch, built)
  return built.map((object) => ({
    ...withImages(object, images),
    metadata: {
      ...object.metadata,
      ...(namespace && { namespace }),
      labels: Object.assign({}, object.metadata.labels, ...labels.map(({ pairs }) => pairs)),
    },
  }))
}

/** Of a JSON patch; none of a patch that is a part of an object. */
export function operationsOf(patch: string): readonly Operation[] {
  const content: unknown = parse(patch)
  return Array.isArray(content) ? content : []
}

function applyPatch({ target, patch }: Patch, objects: readonly Manifest[]): void {
  const part = parse(patch) as Manifest
  const { kind, name } = target ?? { kind: part.kind, name: part.metadata.name }
  const found = objects.filter(
    (object) => object.kind === kind && (name === undefined || object.metadata.name === name),
  )
  if (found.length === 0) throw new Error(`no ${kind} ${name ?? ''} to patch`)
  for (const object of found) {
    const operations = operationsOf(patch)
    for (const operation of operations) operate(object, operation)
    if (operations.length === 0) mergeInto(Object(object), Object(part))
  }
}

function operate(object: object, { op, path, value }: Operation): void {
  const keys = path.split('/').slice(1)
  const last = keys.pop() ?? ''
  const parent = keys.reduce<unknown>((at, key) => Reflect.get(Object(at), key), object)
  if (parent === null || typeof parent !== 'object') throw new Error(`${path}: not there`)
  if (op !== 'add' && op !== 'replace') throw new Error(`${op}: not known here`)
  if (op === 'replace' && !Object.hasOwn(parent, last)) throw new Error(`${path}: nothing to replace`)
  Reflect.set(parent, last, value)
}

/** A strategic merge: of lists of objects, those with the same key become one. */
function mergeInto(base: Fields, part: Fields): void {
  for (const [name, value] of Object.entries(part)) {
    const before = base[name]
    const key = MERGE_KEYS[name]
    if (Array.isArray(value) && Array.isArray(before) && key !== undefined) {
      for (const element of value) {
        const same = before.find((other) => other[key] === element[key])
        if (same === undefined) before.push(element)
        else mergeInto(same, element)
      }
    } else if (isFields(value) && isFields(before)) mergeInto(before, value)
    else base[name] = value
  }
}

function withImages(object: Manifest, images: Kustomization['images'] = []): Manifest {
  const text = images.reduce(
    (json, { name, newName, newTag }) =>
      json.replaceAll(new RegExp(`(?<="image":")${name}:[^"]*`, 'g'), `${newName}:${newTag}`),
    JSON.stringify(object),
  )
  return JSON.parse(text)
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
