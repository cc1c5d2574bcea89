import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    globalSetup: ['test/support/build.ts'],
    include: ['test/**/*.test.ts'],
    env: { TZ: 'UTC', NO_COLOR: '1' },
    sequence: { shuffle: { tests: true, files: false } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // The end-to-end tests mostly wait for clocks, so that there is room for others beside them.
    maxWorkers: Math.max(3, availableParallelism()),
  },
})
