import { expect, test } from 'vitest';
import { probes } from '../../../src/index.ts';
import { ceilingOf, type Limited, weightAbove } from '../../../src/kit/ceilings.ts';
import { ceilingUnits, defaultCeilings, defaultPolicy } from '../../../src/model/policy.ts';

test('every ceiling is of a probe, and has a unit', () => {
  const ids = probes.map(({ id }) => id);
  expect(Object.keys(defaultCeilings).filter((id) => !ids.includes(id))).toEqual([]);
  expect(Object.keys(ceilingUnits).sort()).toEqual(Object.keys(defaultCeilings).sort());
});

test.each(Object.keys(defaultCeilings) as Limited[])('%s: the policy has its own, or the usual one holds', (id) => {
  const own = { ...defaultPolicy, ceilings: { [id]: 7 } };
  expect(ceilingOf(own, id)).toBe(7);
  expect(ceilingOf(defaultPolicy, id)).toBe(defaultCeilings[id]);
  expect(weightAbove(own, id, { severity: 'info' })).toEqual({ severity: 'medium' });
  expect(weightAbove(defaultPolicy, id, { severity: 'info' })).toEqual({ severity: 'info' });
  expect(weightAbove(defaultPolicy, id)).toEqual({});
});
