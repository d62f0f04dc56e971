import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { UsageError } from '../../../src/model/usage-error.ts';
import { visible } from '../../../src/model/visible.ts';
import { type ReadConfig, readConfig } from '../../../src/monitor/config/read-config.ts';

const read = (text: string): ReadConfig =>
  readConfig(text, {
    probes: ['hello', 'open-relay'],
    files: {
      resolve: (name) => `/${name}`,
      read: (name) => {
        if (name === 'list.txt') return 'a.example\nb.example\n';
        throw new UsageError('cannot be read: there is no such file or folder');
      },
      lacks: () => null,
    },
  });

/** Something of everything that a file can say. */
const whole = () => ({
  store: './x.db',
  defaults: {
    timezone: 'Europe/Berlin',
    policy: 'default',
    schedules: ['scan'],
    remind: 'never',
    dnsbl: ['bl.example'],
  },
  schedules: {
    scan: { every: '1h', catchUp: 'none' },
    limits: { cron: '17 3 * * SUN', spread: '5m', allow: 'load', authorized: true, window: '02:00-05:00' },
  },
  channels: {
    mail: { mail: { to: ['a@example.org'], server: 'smtps://u@h.example', password: { env: 'P' } } },
    hook: { webhook: { url: { file: 'u' }, token: { env: 'T' } } },
    run: { exec: { command: ['logger'] } },
  },
  routes: [
    { severity: 'high', to: ['mail', { channel: 'hook', after: '1h' }] },
    { tag: 'own', match: 'm*', to: ['run'] },
  ],
  monitors: {
    mx: { targets: ['example.org', '192.0.2.1:25'], schedules: ['scan', 'limits'], tags: ['own'], ports: [25] },
    many: { targets: '@list.txt', each: true, private: true },
  },
  maintenance: [
    { match: 'mx', cron: '0 22 * * SAT', for: '2h' },
    { match: 'tag:own', from: '2027-01-01T00:00:00Z', until: '2027-01-02T00:00:00Z' },
  ],
  web: {
    listen: '127.0.0.1:1',
    auth: { tokens: [{ name: 't', sha256: '0'.repeat(64), may: ['read'] }] },
    status: { public: ['mx'] },
  },
  heartbeat: { env: 'H' },
  retention: { runs: '1d' },
});

test('the whole of it can be read', () => expect(read(stringify(whole())).kind).toBe('config'));

/** Every place in a value. */
function placesIn(value: unknown): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [[]];
  return [
    [],
    ...Object.entries(value).flatMap(([key, inner]) =>
      placesIn(inner).map((path) => [Array.isArray(value) ? Number(key) : key, ...path]),
    ),
  ];
}
const places = placesIn(whole());

/** The same with another value in one place. */
function changed(value: unknown, [step, ...rest]: readonly (string | number)[], to: unknown): unknown {
  if (step === undefined) return to;
  const copy: Record<string | number, unknown> = Array.isArray(value)
    ? ([...value] as never)
    : { ...(value as Record<string, unknown>) };
  copy[step] = changed(copy[step], rest, to);
  return copy;
}

const secret = 'hunter2';
const anything = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1e9,
    '',
    ' ',
    '*',
    '@',
    '@no',
    'tag:',
    'scan',
    'constructor',
    '__proto__',
    [],
    {},
    [[]],
  ),
  fc.constantFrom<unknown>(
    [null],
    [{}],
    { env: 1 },
    { env: 'A', file: 'b' },
    { constructor: {} },
    '1h',
    '\u001b[31m',
    '\u202e',
  ),
  fc.string({ maxLength: 40 }),
  fc.jsonValue({ maxDepth: 2 }),
);

test('whatever stands in two of its places, it is read, or each mistake is one printable line with its place', () => {
  const twoPlaces = fc.tuple(fc.constantFrom(...places), anything, fc.constantFrom(...places), anything);
  fc.assert(
    fc.property(twoPlaces, ([one, first, other, second]) => {
      let value = changed(whole(), one, first);
      try {
        value = changed(value, other, second);
      } catch {
        // The first change took the second place away.
      }
      const result = read(stringify(value));
      if (result.kind === 'config') return;
      expect(result.mistakes.length).toBeGreaterThan(0);
      for (const { text, place } of result.mistakes) {
        expect(text).toBe(visible(text));
        expect(text).not.toMatch(/\n|undefined|\[object/);
        expect(place.line).toBeGreaterThan(0);
        expect(place.column).toBeGreaterThan(0);
      }
    }),
    { numRuns: 1000 },
  );
});

const mayHoldSecrets = places.filter(([first]) => first === 'channels' || first === 'heartbeat');

test.each(mayHoldSecrets.map((path) => [path.join('.'), path] as const))(
  '%s never shows what stands there',
  (_, path) => {
    for (const value of [
      secret,
      [secret],
      { env: `${secret} x` },
      { [path.at(-1) ?? '']: secret },
      `https://u:${secret}@h/`,
    ]) {
      const result = read(stringify(changed(whole(), path, value)));
      const told = result.kind === 'mistakes' ? result.mistakes : result.warnings;
      expect(told.filter(({ text }) => text.includes(secret))).toEqual([]);
    }
  },
);
