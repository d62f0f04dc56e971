import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { probes } from '../../../src/index.ts';
import { builtIns } from '../../../src/policy/built-in/built-ins.ts';
import { policyForm, policyJsonSchema } from '../../../src/policy/schema.ts';

const ids = probes.map(({ id }) => id);
const form = policyForm(ids);
// The pattern beside `format: date` says it all.
const ajv = new Ajv2020({ strict: true, validateFormats: false });
const fits = ajv.compile(policyJsonSchema(ids));

const good: readonly unknown[] = [
  {},
  { $schema: './policy.schema.json', name: 'ours 2.0' },
  { severities: { 'open-relay': 'low' }, ceilings: { 'connection-rate': 0.5 } },
  { ports: { 1: 'open', 25: 'closed', 9999: 'open', 10000: 'open', 59999: 'open', 65535: 'closed' } },
  { tls: { mx: {}, submission: { floor: 'TLSv1', speaks: ['TLSv1.3'] } } },
  {
    mechanisms: {
      mx: {},
      submissions: { beforeTls: {}, insideTls: { required: ['PLAIN'], forbidden: ['*', 'X_Y-1'] } },
    },
  },
  { mustTell: [], waivers: [] },
  { waivers: [{ probe: 'vrfy', until: '2028-02-29', reason: 'x', endpoint: '*', verdict: 'inconclusive' }] },
  ...Object.values(builtIns).map((text) => parse(text) as unknown),
];
const bad: readonly unknown[] = [
  null,
  [],
  'mx',
  { nmae: 'x' },
  { name: '' },
  { name: 'a\nb' },
  { severities: { 'open-realy': 'low' } },
  { severities: { 'open-relay': 'lowest' } },
  { severities: [] },
  { ceilings: { 'open-relay': 3 } },
  { ceilings: { 'connection-rate': 0 } },
  { ceilings: { 'connection-rate': '3' } },
  { ports: { 0: 'open' } },
  { ports: { 65536: 'open' } },
  { ports: { '025': 'open' } },
  { ports: { smtp: 'open' } },
  { ports: { 25: 'ajar' } },
  { ports: [25] },
  { tls: { smtp: {} } },
  { tls: { mx: { floor: 1.2 } } },
  { tls: { mx: { speaks: [] } } },
  { mechanisms: { mx: { beforeTls: { required: ['PLAIN'] } } } },
  { mechanisms: { mx: { insideTls: { required: ['*'] } } } },
  { mechanisms: { mx: { insideTls: { forbidden: ['plain'] } } } },
  { mustTell: 'hello' },
  { mustTell: ['hallo'] },
  { waivers: [{ probe: 'vrfy', until: '2026-01-01' }] },
  { waivers: [{ probe: 'vrfy', until: '2026-1-1', reason: 'x' }] },
  { waivers: [{ probe: 'vrfy', until: '2027-02-29', reason: 'x' }] },
  { waivers: [{ probe: 'vrfy', until: '2026-01-01', reason: ' ' }] },
  { waivers: [{ probe: 'vrfy', until: '2026-01-01', reason: 'x', endpoint: '' }] },
  { waivers: [{ probe: 'vrfy', until: '2026-01-01', reason: 'x', verdict: 'pass' }] },
];

describe('the JSON Schema and the reader agree', () => {
  test.each(good.map((value) => [JSON.stringify(value).slice(0, 80), value]))('good: %s', (_, value) => {
    expect([form.safeParse(value).success, fits(value)]).toEqual([true, true]);
  });

  test.each(bad.map((value) => [JSON.stringify(value), value]))('bad: %s', (_, value) => {
    expect([form.safeParse(value).success, fits(value)]).toEqual([false, false]);
  });

  test('also on what nobody thought of', () => {
    const some = (...values: unknown[]) => fc.constantFrom(...values);
    const named = (...values: string[]) => fc.constantFrom(...values);
    const mechanisms = fc.array(some('PLAIN', '*', 'x', 'CRAM-MD5', 1));
    const rule = fc.record({ required: mechanisms, forbidden: mechanisms }, { requiredKeys: [] });
    const policy = fc.record(
      {
        name: some('a', '', 'ä', 1),
        severities: fc.dictionary(named('vrfy', 'hello', 'vrfi'), some('low', 'lowest')),
        ceilings: fc.dictionary(named('auth-rate', 'vrfy'), some(1, 0, -1, '1', null)),
        ports: fc.dictionary(named('25', '0', '65535', '65536', 'x', ''), some('open', 'shut')),
        tls: fc.dictionary(
          named('mx', 'smtp'),
          fc.record({ floor: some('TLSv1', '1.0'), speaks: fc.array(some('TLSv1.3', 1)) }, { requiredKeys: [] }),
        ),
        mechanisms: fc.dictionary(
          named('mx', 'submission'),
          fc.record({ beforeTls: rule, insideTls: rule }, { requiredKeys: [] }),
        ),
        mustTell: fc.array(some('vrfy', 'vrfi')),
        waivers: fc.array(
          fc.record(
            {
              probe: some('vrfy', 'x'),
              until: some('2026-12-31', '2026-12-32'),
              reason: some('x', ''),
              more: fc.constant(1),
            },
            { requiredKeys: ['probe', 'until'] },
          ),
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        fc.oneof({ weight: 4, arbitrary: policy }, fc.jsonValue()),
        (value) => form.safeParse(value).success === fits(value),
      ),
      { numRuns: 2000 },
    );
  });
});
