import { describe, expect, it } from 'vitest'
import { createMatcher } from '../../src/pricing/match.ts'
import { buildModels } from '../../src/pricing/models.ts'
import { PRICE_TABLE } from '../../src/pricing/prices.ts'

const models = buildModels(PRICE_TABLE, [])
const match = createMatcher(models, new Map())

const SONNET_4_5 = 'claude-sonnet-4-5-20250929'

describe('a known model', () => {
  it.each([
    // exact id, alias
    ['claude-opus-4-8', 'claude-opus-4-8', 'anthropic'],
    ['claude-2.1', 'claude-2.1', 'anthropic'],
    [SONNET_4_5, SONNET_4_5, 'anthropic'],
    ['claude-sonnet-4-5', SONNET_4_5, 'anthropic'],
    ['claude-opus-4-0', 'claude-opus-4-20250514', 'anthropic'],
    ['claude-4-sonnet-20250514', 'claude-sonnet-4-20250514', 'anthropic'],
    ['claude-3-7-sonnet-latest', 'claude-3-7-sonnet-20250219', 'anthropic'],
    [' claude-opus-5 ', 'claude-opus-5', 'anthropic'],
    // context window suffix
    ['claude-opus-4-6[1m]', 'claude-opus-4-6', 'anthropic'],
    ['claude-sonnet-4-5[1m]', SONNET_4_5, 'anthropic'],
    [`us.anthropic.${SONNET_4_5}-v1:0[1m]`, SONNET_4_5, 'amazon-bedrock'],
    // date suffix
    ['claude-opus-4-8-20260528', 'claude-opus-4-8', 'anthropic'],
    ['claude-sonnet-5-5-20260928', 'claude-sonnet-5-5', 'anthropic'],
    ['claude-sonnet-4-6-20260217[1m]', 'claude-sonnet-4-6', 'anthropic'],
    // Amazon Bedrock
    ['anthropic.claude-opus-4-8', 'claude-opus-4-8', 'amazon-bedrock'],
    ['anthropic.claude-opus-4-6-v1', 'claude-opus-4-6', 'amazon-bedrock'],
    [`anthropic.${SONNET_4_5}-v1:0`, SONNET_4_5, 'amazon-bedrock'],
    [`us-gov.anthropic.${SONNET_4_5}-v1:0`, SONNET_4_5, 'amazon-bedrock'],
    ['anthropic.claude-3-5-sonnet-20241022-v2:0', 'claude-3-5-sonnet-20241022', 'amazon-bedrock'],
    ['anthropic.claude-3-haiku-20240307-v1:0:200k', 'claude-3-haiku-20240307', 'amazon-bedrock'],
    [
      `arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.${SONNET_4_5}-v1:0`,
      SONNET_4_5,
      'amazon-bedrock',
    ],
    ['arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-opus-4-8', 'claude-opus-4-8', 'amazon-bedrock'],
    // Google Cloud
    ['claude-sonnet-4-5@20250929', SONNET_4_5, 'google-vertex'],
    ['claude-3-5-sonnet-v2@20241022', 'claude-3-5-sonnet-20241022', 'google-vertex'],
    ['claude-opus-4@20250514', 'claude-opus-4-20250514', 'google-vertex'],
    ['claude-opus-4-8@default', 'claude-opus-4-8', 'google-vertex'],
    ['claude-opus-4-8@latest', 'claude-opus-4-8', 'google-vertex'],
    ['claude-opus-4-8@20260528', 'claude-opus-4-8', 'google-vertex'],
    // gateways
    ['anthropic/claude-opus-4.8', 'claude-opus-4-8', 'anthropic'],
    ['anthropic/claude-opus-4-8', 'claude-opus-4-8', 'anthropic'],
    ['anthropic/claude-2.1', 'claude-2.1', 'anthropic'],
    ['openrouter/anthropic/claude-sonnet-4.5', SONNET_4_5, 'openrouter'],
    ['openrouter/anthropic/claude-sonnet-4.5:beta:online', SONNET_4_5, 'openrouter'],
    ['vercel/anthropic/claude-opus-5', 'claude-opus-5', 'vercel'],
  ])('%s is %s on %s', (id, model, provider) => {
    expect(match(id)).toMatchObject({ name: { model, provider }, row: { id: model } })
  })

  it('is regional only on Bedrock with a region other than global', () => {
    const regional = ['us.', 'us-gov.', 'eu.', 'apac.', 'au.', 'jp.', 'ca.', 'global.', ''].filter(
      (region) => match(`${region}anthropic.claude-opus-4-8`).isRegional,
    )
    expect(regional).toEqual(['us.', 'us-gov.', 'eu.', 'apac.', 'au.', 'jp.', 'ca.'])
    expect(match('claude-opus-4-8').isRegional).toBe(false)
    expect(match('claude-opus-4-8@default').isRegional).toBe(false)
  })

  it('is of the first party unless a partner cloud is named', () => {
    const ids = ['claude-opus-5', 'anthropic/claude-opus-5', 'anthropic.claude-opus-5', 'claude-opus-5@default']
    expect(ids.map((id) => match(id).isFirstParty)).toEqual([true, true, false, false])
  })

  it('is fast by its id only on a gateway', () => {
    expect(match('anthropic/claude-opus-4.8-fast')).toMatchObject({ isFast: true, row: { id: 'claude-opus-4-8' } })
    expect(match('claude-opus-4-8-fast')).toMatchObject({ isFast: false, row: null })
  })
})

describe('an id that is no known model', () => {
  it.each([
    // never by prefix
    ['claude-opus-4', 'anthropic'],
    ['claude-opus-4-9', 'anthropic'],
    ['claude-opus-4-80', 'anthropic'],
    ['claude-sonnet-5-6', 'anthropic'],
    ['claude-sonnet-5-5-preview', 'anthropic'],
    ['claude-opus-5x', 'anthropic'],
    ['claude', 'unknown'],
    // a date does not make an unknown model known
    ['claude-opus-4-9-20261101', 'anthropic'],
    ['claude-opus-4-20250601', 'anthropic'],
    ['claude-opus-4-8-2026052', 'anthropic'],
    ['claude-opus-4-8-19990101', 'anthropic'],
    ['claude-opus-4-8-20260528-20260528', 'anthropic'],
    // dots are the vendor's spelling only behind a gateway
    ['claude-sonnet-4.5', 'anthropic'],
    ['anthropic.claude-sonnet-4.5', 'amazon-bedrock'],
    ['claude-sonnet-4.5@20250929', 'google-vertex'],
    // platforms
    ['anthropic.claude-opus-9-v1:0', 'amazon-bedrock'],
    ['arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3', 'amazon-bedrock'],
    ['xx.anthropic.claude-opus-4-8', 'unknown'],
    ['amazon.nova-pro-v1:0', 'unknown'],
    ['claude-opus-4-8@tomorrow', 'anthropic'],
    ['anthropic/claude-sonnet-4', 'anthropic'],
    ['someone/claude-opus-4-8', 'unknown'],
    // others
    ['Claude-Opus-4-8', 'unknown'],
    ['gpt-5', 'unknown'],
    ['<synthetic>', 'unknown'],
    ['__proto__', 'unknown'],
    ['constructor', 'unknown'],
  ])('%s keeps its name and has no price', (id, provider) => {
    expect(match(id)).toMatchObject({ name: { model: id, provider }, row: null })
  })

  it('is called unknown when it is empty', () => {
    expect(match('  ')).toMatchObject({ name: { model: 'unknown', provider: 'unknown' }, row: null })
  })

  it('may be of any length', () => {
    const id = `claude-${'opus-v1-'.repeat(100_000)}`
    expect(match(id)).toMatchObject({ name: { model: id, provider: 'unknown' }, row: null })
  })
})

describe('an alias of the user', () => {
  const withAliases = createMatcher(
    models,
    new Map([
      ['claude-sonnet-4.5', 'claude-sonnet-4-5'],
      ['house-model', `eu.anthropic.${SONNET_4_5}-v1:0`],
      ['claude-opus-4-8', 'claude-opus-5'],
      ['gpt-5', 'gpt-5-turbo'],
    ]),
  )

  it.each([
    ['claude-sonnet-4.5', SONNET_4_5, 'anthropic'],
    ['claude-sonnet-4.5[1m]', SONNET_4_5, 'anthropic'],
    ['house-model', SONNET_4_5, 'amazon-bedrock'],
    ['claude-opus-4-8', 'claude-opus-5', 'anthropic'],
    ['gpt-5', 'gpt-5-turbo', 'unknown'],
  ])('%s is treated as %s on %s', (id, model, provider) => {
    expect(withAliases(id).name).toEqual({ model, provider })
  })

  it('keeps the region of what it stands for', () => {
    expect(withAliases('house-model').isRegional).toBe(true)
  })
})

it('gives the same answers after more ids than it remembers', () => {
  const first = match('claude-opus-5')
  expect(match('claude-opus-5')).toBe(first)
  for (let index = 0; index < 5_000; index++) match(`made-up-${index}`)
  expect(match('claude-opus-5')).toEqual(first)
  expect(match('claude-opus-5')).not.toBe(first)
})
