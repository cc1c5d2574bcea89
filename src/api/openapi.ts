import * as z from 'zod/mini'
import type { Endpoint, EndpointText } from './endpoint.ts'
import type { Parameter } from './parameter.ts'
import { problem } from './schema/basics.ts'
import { components } from './schema/component.ts'
import { syncDocument } from './schema/lists.ts'

type Json = Readonly<Record<string, unknown>>

/** Problems that every path may answer. */
const ANYWHERE = [400, 401, 403, 429, 503]

const PROBLEMS: Readonly<Record<number, string>> = {
  400: 'The path or a parameter is wrong.',
  401: 'The web configuration has users, and this is none of them.',
  403: 'Asked for by a host name that is not allowed, or started by a page of another origin.',
  404: 'There is nothing of this name.',
  413: 'A body is not needed, and this one is large.',
  429: 'More requests than the rate limit of the web configuration allows, or a source that was read a moment ago.',
  503: 'Too many requests at a time, or the ledger is busy: ask again in a moment.',
}

/** The description of the API in OpenAPI 3.1, made from the schemas that requests and documents are checked with. */
export function openApiDocument(
  reads: Readonly<Record<string, Endpoint>>,
  actions: Readonly<Record<string, EndpointText>>,
  version: string,
) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'claude-usage-exporter',
      version,
      description:
        'Token usage and cost of coding agents. Numbers are exact as far as JSON numbers are. Estimated cost, plan value ' +
        'and billed cost are three different things and never part of one sum. Within schemaVersion 1 fields are added, ' +
        'never changed or taken away.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [],
    paths: {
      ...Object.fromEntries(
        Object.entries(reads).map(([path, endpoint]) => [path, { get: readOperation(path, endpoint) }]),
      ),
      ...Object.fromEntries(
        Object.entries(actions).map(([path, text]) => [path, { post: actionOperation(path, text) }]),
      ),
    },
    components: { schemas: componentSchemas() },
  }
}

function readOperation(path: string, { text, parameters, document }: Endpoint): Json {
  return {
    operationId: operationId('get', path),
    ...textOf(text),
    parameters: [
      ...pathParameters(text),
      ...Object.entries(parameters).map(([name, parameter]) => queryParameter(name, parameter)),
    ],
    responses: {
      200: {
        description: 'The document.',
        headers: { ETag: { schema: { type: 'string' }, description: 'For `If-None-Match`.' } },
        content: jsonContent(document),
      },
      304: { description: 'Nothing has changed.' },
      ...problemResponses([...ANYWHERE, ...(text.problems ?? [])]),
    },
  }
}

function actionOperation(path: string, text: EndpointText): Json {
  return {
    operationId: operationId('post', path),
    ...textOf(text),
    parameters: pathParameters(text),
    responses: {
      202: { description: 'The runs.', content: jsonContent(syncDocument) },
      ...problemResponses([...ANYWHERE, ...(text.problems ?? [])]),
    },
  }
}

function textOf({ summary, about }: EndpointText): Json {
  return { summary, ...(about !== undefined && { description: about }) }
}

function pathParameters({ path = {} }: EndpointText): Json[] {
  return Object.entries(path).map(([name, description]) => ({
    name,
    in: 'path',
    required: true,
    description,
    schema: { type: 'string' },
  }))
}

function queryParameter(name: string, { about, schema, isList }: Parameter<unknown>): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema)
  return {
    name,
    in: 'query',
    description: about,
    schema: json,
    ...(isList === true && { style: 'form', explode: false }),
  }
}

function problemResponses(statuses: readonly number[]): Json {
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: PROBLEMS[status] ?? 'Problem',
        content: { 'application/problem+json': { schema: schemaOf(problem) } },
      },
    ]),
  )
}

function jsonContent(schema: z.ZodMiniType): Json {
  return { 'application/json': { schema: schemaOf(schema) } }
}

function schemaOf(schema: z.ZodMiniType): Json {
  const id = components.get(schema)?.id
  return id === undefined ? { type: 'object' } : { $ref: reference(id) }
}

function componentSchemas(): Json {
  const { schemas } = z.toJSONSchema(components, { uri: reference })
  return Object.fromEntries(Object.entries(schemas).map(([id, { $schema: _, $id: __, ...schema }]) => [id, schema]))
}

function reference(id: string): string {
  return `#/components/schemas/${id}`
}

function operationId(method: string, path: string): string {
  const words = path.split(/[^A-Za-z]+/).filter((word) => word !== '')
  return [method, ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join('')
}
