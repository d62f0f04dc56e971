import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Limits wait for windows and need little else: begun first, they are over when the others are. */
class LongestWaitFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const waits = ({ moduleId }: TestSpecification) => moduleId.endsWith('/lab/limits.test.ts');
    return [...sorted.filter(waits), ...sorted.filter((file) => !waits(file))];
  }
}

/**
 * `fast` needs Node only. `lab` needs the Docker engine that `docker/engine` brings up. `bench` needs the lab and the peers that it
 * compares with, and is no test: `npm run bench`.
 */
export default defineConfig({
  test: {
    coverage: { include: ['src/**', 'probes/**'], reporter: ['html'], reportOnFailure: true },
    sequence: { sequencer: LongestWaitFirst },
    projects: [
      {
        test: {
          name: 'fast',
          include: ['test/{unit,probes,wire,cli}/**/*.test.{ts,tsx}', 'test/*.test.ts'],
          testTimeout: 30_000,
          // No test replaces a module, so that files can share those that are loaded: a third less work.
          isolate: false,
        },
      },
      {
        test: {
          name: 'lab',
          include: ['test/lab/**/*.test.ts'],
          globalSetup: ['docker/build-images.ts'],
          maxConcurrency: 4,
          testTimeout: 120_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          name: 'bench',
          include: ['test/bench/**/*.bench.ts'],
          globalSetup: ['docker/build-images.ts'],
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
