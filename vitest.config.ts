import { defineConfig } from 'vitest/config';

/** `fast` needs Node only; `lab` needs the Docker engine that `docker/engine` brings up. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'fast', include: ['test/{unit,probes,wire,cli}/**/*.test.ts', 'test/*.test.ts'], testTimeout: 20_000 } },
      { test: { name: 'lab', include: ['test/lab/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 600_000 } },
    ],
  },
});
