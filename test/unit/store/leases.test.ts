import { expect, test } from 'vitest';
import { localLeases } from '../../../src/store/leases.ts';

test('one at an address at a time, others beside it; who gives up holds nothing', async () => {
  const leases = localLeases();
  const never = new AbortController().signal;
  const first = await leases.take('192.0.2.1', never);
  const other = await leases.take('192.0.2.2', never);
  const order: string[] = [];
  const waiting = ['second', 'third'].map(async (name) => {
    using _lease = await leases.take('192.0.2.1', never);
    order.push(name);
    await new Promise((over) => setImmediate(over));
    order.push(`${name} gone`);
  });
  const controller = new AbortController();
  const impatient = leases.take('192.0.2.1', controller.signal);
  controller.abort();
  (await impatient)[Symbol.dispose]();
  expect(order).toEqual([]);
  first[Symbol.dispose]();
  await Promise.all(waiting);
  expect(order).toEqual(['second', 'second gone', 'third', 'third gone']);
  other[Symbol.dispose]();
});
