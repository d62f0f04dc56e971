import { defineConfig } from 'vitest/config';

/** The tests that a mutant must get by: those without sockets of other programs, Docker or the built package. */
export default defineConfig({
  test: { include: ['test/unit/{kit,mta,scan}/**/*.test.ts', 'test/probes/*.test.ts'], testTimeout: 30_000 },
});
