import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The files of the lab that take longest, begun first: limits wait for windows while the others work. Those of `verify`
 * measure limits too, and a burst must be quick: they come when the limits are over.
 */
const longest = ['limits', 'scenarios', 'fixes'];
const last = 'verify';

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = longest.findIndex((name) => moduleId.endsWith(`/lab/${name}.test.ts`));
      if (at >= 0) return at;
      return longest.length + (moduleId.endsWith(`/lab/${last}.test.ts`) ? 1 : 0);
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

/**
 * `fast` needs Node only. `lab` needs the Docker engine that `docker/engine` brings up. `bench` needs the lab and the
 * peers that it compares with, and is no test: `npm run bench`. Workers are counted for two cores; those of the lab
 * wait more than they work. Time-outs are for a machine that is busy with something else: no test ends by one where all
 * is well.
 */
export default defineConfig({
  test: {
    coverage: { include: ['src/**', 'probes/**'], reporter: ['html'], reportOnFailure: true },
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'fast',
          include: ['test/{unit,probes,wire,cli,web}/**/*.test.{ts,tsx}', 'test/*.test.ts'],
          maxWorkers: 2,
          testTimeout: 120_000,
          // No test replaces a module, so that files can share those that are loaded: a third less work.
          isolate: false,
        },
      },
      {
        test: {
          name: 'lab',
          include: ['test/lab/**/*.test.ts'],
          globalSetup: ['docker/build-images.ts'],
          sequence: { groupOrder: 1 },
          maxWorkers: 2,
          maxConcurrency: 4,
          testTimeout: 300_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          name: 'bench',
          include: ['test/bench/**/*.bench.ts'],
          globalSetup: ['docker/build-images.ts'],
          sequence: { groupOrder: 2 },
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
