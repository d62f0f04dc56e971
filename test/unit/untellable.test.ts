import { expect, test } from 'vitest';
import { expectationsOf, scenarios } from '../../docker/scenarios/index.ts';
import { untellable } from '../../docker/scenarios/untellable.ts';

test('who expects a probe of the lab to tell nothing says why, and nobody else does', () => {
  const untold = scenarios.filter((scenario) =>
    Object.values(expectationsOf(scenario)).some(
      (said) => said.startsWith('inconclusive') && said !== 'inconclusive(not-permitted)',
    ),
  );
  const excused = untellable.flatMap(({ scenarios: ids }) => ids);
  expect(excused.toSorted()).toEqual(untold.map(({ id }) => id).toSorted());
});
