import { describe, expect, test } from 'vitest';
import {
  defaultRestraint,
  defineProbe,
  judge,
  parseTarget,
  type ScanOptions,
  scan,
  UsageError,
} from '../../../src/index.ts';
import { findingOf, ourName, shortLimits } from '../../fakes/scan-server.ts';
import { mta } from '../../fakes/scripted-server.ts';

const target = { kind: 'endpoint', input: 'it', host: '127.0.0.1', port: 9, role: 'mx', tls: 'starttls' } as const;
const asked = (options: object, targets: unknown = [target]) =>
  scan(targets as never, { helo: ourName, ...options } as ScanOptions);

describe('scan refuses', () => {
  test.each<[string, object]>([
    ['helo', { helo: undefined }],
    ['helo', { helo: 'us\r\nDATA' }],
    ['helo', { helo: 'unqualified' }],
    ['external', { external: 'a@b.example>\r\nDATA\r\nhello\r\n.' }],
    ['recipient', { recipient: 'alice' }],
    ['recipient', { recipient: 7 }],
    ['sender', { sender: 'a\0@b.example' }],
    ['domain', { domain: 'exam ple.test' }],
    ['allow', { allow: 'everything' }],
    ['failOn', { failOn: 'disaster' }],
    ['vantage', { vantage: 'inside' }],
    ['family', { family: 5 }],
    ['dns', { dns: 'nowhere at all' }],
    ['ports[1]', { ports: [25, 99_999] }],
    ['ports', { ports: 25 }],
    ['authorized', { authorized: 'yes' }],
    ['probes', { probes: 'hello' }],
    ['skip[0]', { skip: [1] }],
    ['policy', { policy: null }],
    ['restraint.connectionsPerAddress', { restraint: { ...defaultRestraint, connectionsPerAddress: 0 } }],
    ['restraint.replySeconds', { restraint: { replySeconds: Number.NaN } }],
    ['restraint.maxEvents', { restraint: { ...defaultRestraint, maxEvents: 1.5 } }],
  ])('%s: %j', async (field, options) => {
    const error = await asked(options).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message.slice(0, field.length + 1)).toBe(`${field}:`);
    expect((error as Error).message).not.toMatch(/[\r\n\0]/);
  });

  test.each<[string, unknown]>([
    ['targets', 'mx.example.test'],
    ['targets[0]', ['mx.example.test']],
    ['targets[0].kind', [{ kind: 'host', host: 'mx.example.test' }]],
    ['targets[0].port', [{ ...target, port: 99_999 }]],
    ['targets[1].name', [target, { kind: 'name', input: 'x' }]],
  ])('%s', async (field, targets) => {
    const error = await asked({}, targets).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message.slice(0, field.length + 1)).toBe(`${field}:`);
  });
});

test('judge refuses what is no report, and what is no day', () => {
  expect(() => judge(null as never)).toThrow(UsageError);
  expect(() => judge({} as never)).toThrow(/^report: /);
  expect(() => judge({ endpoints: [] } as never, undefined, [], 'tomorrow')).toThrow(/^day: "tomorrow"/);
});

test('parseTarget refuses what is no text', () => expect(() => parseTarget(25 as never)).toThrow(UsageError));

const definition = {
  id: 'mine',
  question: 'Is it mine?',
  severity: 'low',
  safety: 'active',
  why: 'Because.',
  judged: 'By me.',
  refs: [],
  cost: { connections: 1, commands: 1 },
  observe: async () => null,
  judge: () => ({ verdict: 'error', because: 'x' }) as never,
} as const;

test.each<[string, object]>([
  ['id', { id: 'my probe' }],
  ['severity', { severity: 'fatal' }],
  ['safety', { safety: 'loud' }],
  ['cost', { cost: undefined }],
  ['observe', { observe: undefined }],
  ['judge', { judge: 'pass' }],
])('defineProbe refuses a wrong %s', (field, change) => {
  expect(() => defineProbe({ ...definition, ...change } as never)).toThrow(new RegExp(`wants ${field}: `));
});

test('what a probe of one’s own says with a line end in it never leaves', async () => {
  await using server = await mta().start();
  const place = { ...target, port: server.port };
  const careless = defineProbe({
    ...definition,
    async observe(wire) {
      await using session = await wire.session();
      await session.say('NOOP\r\nMAIL FROM:<a@b.example>');
      return null;
    },
  });
  const report = await scan([place], { helo: ourName, restraint: shortLimits }, () => {}, [careless]);
  expect(findingOf(report, 'mine')).toMatchObject({
    verdict: 'error',
    because: expect.stringContaining('CR, LF or NUL'),
  });
  expect(server.commands.filter((command) => /NOOP|MAIL/.test(command))).toEqual([]);
});
