import { describe, expect, it } from 'vitest'
import { negotiateFormat } from '../../src/http/accept.ts'

const OPENMETRICS = 'application/openmetrics-text'

describe('negotiateFormat', () => {
  it.each([
    { accept: undefined, format: 'text' },
    { accept: '', format: 'text' },
    { accept: '*/*', format: 'text' },
    { accept: 'text/plain', format: 'text' },
    { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', format: 'text' },
    { accept: OPENMETRICS, format: 'openmetrics' },
    { accept: `${OPENMETRICS}; version=1.0.0; charset=utf-8`, format: 'openmetrics' },
    { accept: 'Application/OpenMetrics-Text ; Version="1.0.0"', format: 'openmetrics' },
    { accept: `${OPENMETRICS};version=0.0.1`, format: 'text' },
    { accept: `${OPENMETRICS};version=2.0.0,text/plain;q=0.1`, format: 'text' },
    { accept: `text/plain;version=0.0.4;q=0.5,${OPENMETRICS};version=1.0.0`, format: 'openmetrics' },
    { accept: `text/plain,${OPENMETRICS};q=0.9`, format: 'text' },
    { accept: `text/plain;q=0.3,${OPENMETRICS};q=0.4`, format: 'openmetrics' },
    { accept: `text/plain,${OPENMETRICS}`, format: 'text' },
    { accept: `${OPENMETRICS},text/plain`, format: 'openmetrics' },
    { accept: `${OPENMETRICS};q=0`, format: 'text' },
    { accept: `${OPENMETRICS};q=0.000,*/*;q=0.1`, format: 'text' },
    { accept: `${OPENMETRICS};q=2`, format: 'text' },
    { accept: `${OPENMETRICS};q=-1`, format: 'text' },
    { accept: `${OPENMETRICS};q=high`, format: 'text' },
    { accept: `${OPENMETRICS};q=1.000;escaping=allow-utf-8;new="x"`, format: 'openmetrics' },
    { accept: 'text/plain;q=0', format: 'text' },
    { accept: 'application/json', format: 'text' },
    { accept: ';;;,,,==;q=;"', format: 'text' },
    {
      accept: `${OPENMETRICS};version=1.0.0,${OPENMETRICS};version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1`,
      format: 'openmetrics',
    },
    {
      accept:
        'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,' +
        `${OPENMETRICS};version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,*/*;q=0.2`,
      format: 'openmetrics',
    },
  ])('$accept gives $format', ({ accept, format }) => {
    expect(negotiateFormat(accept)).toBe(format)
  })
})
