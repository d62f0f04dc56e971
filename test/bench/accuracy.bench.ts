import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startDns, startServer } from '../../docker/lab.ts';
import { scenarios } from '../../docker/scenarios/index.ts';
import { untellable } from '../../docker/scenarios/untellable.ts';
import { type Compared, compared } from '../support/expected.ts';
import { scanScenario } from '../support/scan-scenario.ts';

/** `npm run accuracy`: how often mxprobe is right about the servers of the lab, and in which way it is not. */

vi.setConfig({ maxConcurrency: 4, testTimeout: 600_000 });

const kinds = ['right', 'wrong', 'confidently wrong', 'inconclusive where a person could tell'] as const;
type Kind = (typeof kinds)[number];

const excused = new Set(untellable.flatMap(({ scenarios: ids }) => ids));
const told: { readonly kind: Kind; readonly line: string }[] = [];
let dns: Awaited<ReturnType<typeof startDns>>;

beforeAll(async () => {
  dns = await startDns();
});

it.concurrent.each(scenarios.map((scenario) => [scenario.id, scenario] as const))('%s', async (id, scenario) => {
  await using server = await startServer(scenario);
  const [endpoint] = (await scanScenario(scenario, server, { dns: dns.address })).endpoints;
  if (endpoint === undefined) throw new Error('no endpoint was scanned');
  for (const one of compared(scenario, endpoint)) {
    const line = `${id}, ${one.probe}: ${one.said}, and ${one.wanted} is right`;
    told.push({ kind: kindOf(one, excused.has(id)), line });
  }
});

afterAll(async () => {
  await dns[Symbol.asyncDispose]();
  const of = (kind: Kind) => told.filter((one) => one.kind === kind);
  const counts = kinds.map((kind) => `${String(of(kind).length).padStart(6)}  ${kind}`);
  console.log([`${told.length} findings on ${scenarios.length} servers`, ...counts].join('\n'));
  for (const { kind, line } of told) if (kind !== 'right') console.log(`${kind}: ${line}`);
  for (const { because, scenarios: ids } of untellable) console.log(`excused, for ${because}: ${ids.join(', ')}`);
  expect(told.filter(({ kind }) => kind !== 'right')).toEqual([]);
});

function kindOf({ wanted, said = '' }: Compared, isExcused: boolean): Kind {
  if (said !== wanted) return /^(pass|fail)$/.test(said) ? 'confidently wrong' : 'wrong';
  const isOurs = said === 'inconclusive(not-permitted)';
  return said.startsWith('inconclusive') && !isOurs && !isExcused ? 'inconclusive where a person could tell' : 'right';
}
