import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as basics from '../../../src/api/schema/basics.ts'
import { faultOf, type OpenApi, type ServedApi, serveSample } from './support.ts'

let api: ServedApi

beforeAll(async () => {
  api = await serveSample()
})

afterAll(async () => {
  await api.stop()
})

describe('many requests at once', () => {
  it('for the same have the same answer, or are told to come again', async () => {
    const answers = await Promise.all(Array.from({ length: 300 }, () => api.get('/api/usage/summary?days=300')))
    const good = answers.filter(({ status }) => status === 200)
    expect(new Set(good.map(({ body }) => body.toString())).size).toBe(1)
    expect(answers.every(({ status }) => status === 200 || status === 503)).toBe(true)
    expect((await api.get('/metrics')).status).toBe(200)
  })

  it('for different things are answered or told to come again, and scrapes are answered', async () => {
    const openApi = (await api.json('/openapi.json')) as unknown as OpenApi
    const asked = Array.from({ length: 200 }, (_, index) => api.get(`/api/sessions?days=${index + 1}`))
    const scrape = await api.get('/metrics')
    expect(scrape.status).toBe(200)
    const answers = await Promise.all(asked)
    for (const answer of answers) {
      expect(faultOf(openApi, '/api/sessions', 'get', answer)).toBeNull()
      if (answer.status === 200) continue
      expect(answer.headers['retry-after']).toBe('1')
      expect(basics.problem.safeParse(JSON.parse(answer.body.toString())).error).toBeUndefined()
    }
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(16)
    expect(answers.some(({ status }) => status === 503)).toBe(true)
  })
})
