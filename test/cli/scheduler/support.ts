import { expect } from 'vitest'
import { run } from '../../../src/cli/run.ts'
import { type FakeIoOptions, fakeIo } from '../support/fake-io.ts'

/** Runs `scheduler` with these words. */
export async function scheduler(words: readonly string[], options: FakeIoOptions = {}) {
  const io = fakeIo(options)
  const exitCode = await run(['scheduler', ...words], io)
  return { exitCode, out: io.out(), err: io.err(), home: io.home }
}

/** What `scheduler` prints when nothing is wrong. */
export async function printed(words: readonly string[], options: FakeIoOptions = {}): Promise<string> {
  const { exitCode, out, err } = await scheduler(words, options)
  expect({ exitCode, error: /^error:.*/m.exec(err)?.[0] }).toEqual({ exitCode: 0, error: undefined })
  return out
}
