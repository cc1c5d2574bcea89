import { describe, expect, it } from 'vitest'
import { daysOrAll, instant, integer, name, oneOf, readQuery, someOf, timeZone } from '../../src/api/parameter.ts'
import { ApiProblem } from '../../src/api/problem.ts'

const PARAMETERS = {
  limit: integer('', 1, 400),
  days: daysOrAll('', 900),
  sort: oneOf('', ['cost', 'tokens']),
  by: someOf('', ['model', 'project', 'day']),
  project: name(''),
  from: instant(''),
  tz: timeZone(''),
}

const read = (text: string) => readQuery(PARAMETERS, new URLSearchParams(text))

describe('the parameters of a query', () => {
  it.each([
    { text: '', values: {} },
    { text: 'limit=1', values: { limit: 1 } },
    { text: 'limit=400&sort=cost', values: { limit: 400, sort: 'cost' } },
    { text: 'limit=007', values: { limit: 7 } },
    { text: 'days=all', values: { days: 'all' } },
    { text: 'days=900', values: { days: 900 } },
    { text: 'by=model', values: { by: ['model'] } },
    { text: 'by=model,day&by=project', values: { by: ['model', 'day', 'project'] } },
    { text: 'by=day,day', values: { by: ['day'] } },
    { text: 'by=model,%20day', values: { by: ['model', 'day'] } },
    { text: 'project=%C3%A4%26b', values: { project: 'ä&b' } },
    { text: 'from=2026-05-04', values: { from: '2026-05-04' } },
    { text: 'from=2026-05-04T09:30', values: { from: '2026-05-04T09:30' } },
    { text: 'from=2026-05-04T09:30:00%2B02:00', values: { from: '2026-05-04T09:30:00+02:00' } },
    { text: 'from=2026-05-04T09:30:00+02:00', values: { from: '2026-05-04T09:30:00+02:00' } },
    { text: 'tz=Europe/Berlin', values: { tz: 'Europe/Berlin' } },
  ])('$text gives $values', ({ text, values }) => {
    expect(read(text)).toEqual(values)
  })

  it.each([
    {
      text: 'limit=0',
      parameter: 'limit',
      detail: 'The parameter "limit" takes a whole number from 1 to 400; it was "0".',
    },
    { text: 'limit=401', parameter: 'limit', detail: /it was "401"/ },
    { text: 'limit=', parameter: 'limit', detail: /it was ""/ },
    { text: 'limit=1.5', parameter: 'limit', detail: /it was "1.5"/ },
    { text: 'limit=1e2', parameter: 'limit', detail: /it was "1e2"/ },
    { text: 'limit=-1', parameter: 'limit', detail: /it was "-1"/ },
    { text: 'limit=0x10', parameter: 'limit', detail: /it was "0x10"/ },
    { text: 'limit=99999999999999999999', parameter: 'limit', detail: /takes a whole number/ },
    { text: 'limit=1&limit=2', parameter: 'limit', detail: 'The parameter "limit" may be given once only.' },
    { text: 'days=ALL', parameter: 'days', detail: /takes a whole number from 1 to 900, or all; it was "ALL"/ },
    { text: 'sort=token', parameter: 'sort', detail: /Did you mean tokens\?$/ },
    { text: 'sort=', parameter: 'sort', detail: /takes one of cost, tokens; it was ""\.$/ },
    { text: 'by=model,modle', parameter: 'by', detail: /it was "modle"\. Did you mean model\?$/ },
    { text: 'by=', parameter: 'by', detail: /it was ""/ },
    { text: 'project=', parameter: 'project', detail: /takes a name/ },
    { text: `project=${'x'.repeat(1_001)}`, parameter: 'project', detail: /…"\.$/ },
    { text: 'from=yesterday', parameter: 'from', detail: /takes a day such as 2026-05-04/ },
    { text: 'from=2026-05-04T09', parameter: 'from', detail: /takes a day/ },
    { text: 'tz=Mars/Base', parameter: 'tz', detail: /takes the name of a time zone/ },
    { text: 'tz=%2B02:00', parameter: 'tz', detail: /takes the name of a time zone/ },
    { text: 'dys=3', parameter: 'dys', detail: 'There is no parameter "dys" here. Did you mean days?' },
    {
      text: 'zzzzzzzz=3',
      parameter: 'zzzzzzzz',
      detail: /This path takes limit, days, sort, by, project, from, tz\.$/,
    },
    { text: '__proto__=1', parameter: '__proto__', detail: /There is no parameter "__proto__"/ },
    { text: 'constructor=1', parameter: 'constructor', detail: /There is no parameter/ },
    { text: '=1', parameter: '', detail: /There is no parameter ""/ },
  ])('$text is refused', ({ text, parameter, detail }) => {
    const problem = problemIn(() => read(text))
    expect([problem.status, problem.problem.parameter]).toEqual([400, parameter])
    expect(problem.message).toMatch(detail)
  })

  it('may be none', () => {
    expect(problemIn(() => readQuery({}, new URLSearchParams('a=1'))).message).toBe(
      'There is no parameter "a" here. This path takes no parameters.',
    )
  })
})

function problemIn(work: () => unknown): ApiProblem {
  try {
    work()
  } catch (error) {
    if (error instanceof ApiProblem) return error
    throw error
  }
  throw new Error('nothing was refused')
}
