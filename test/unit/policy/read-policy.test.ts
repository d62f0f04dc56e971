import { describe, expect, test } from 'vitest';
import { defaultPolicy } from '../../../src/model/policy.ts';
import { readPolicy } from '../../../src/policy/read-policy.ts';

const probes = ['hello', 'open-relay', 'vrfy', 'auth-weak', 'connection-rate'];
const read = (text: string) => readPolicy(text, { file: 'p.yaml', name: 'p', probes });

const whole = `
name: ours # and nobody else's
severities: { open-relay: critical, vrfy: low }
ceilings:
  connection-rate: 60
mechanisms:
  mx:
    beforeTls: { forbidden: ['*'] }
  submission:
    insideTls: { required: [PLAIN], forbidden: [CRAM-MD5, '*'] }
tls:
  submission: { floor: TLSv1.2, speaks: [TLSv1.2, TLSv1.3] }
ports: { 25: open, 65535: closed }
mustTell: [open-relay]
waivers:
  - probe: auth-weak
    endpoint: 'mail.*'
    until: 2026-12-31
    reason: the scanner in the warehouse knows nothing else
`;

test('a whole policy, as written', () => {
  expect(read(whole)).toEqual({
    name: 'ours',
    severities: { 'open-relay': 'critical', vrfy: 'low' },
    ceilings: { 'connection-rate': 60 },
    mechanisms: {
      mx: { beforeTls: { forbidden: ['*'] } },
      submission: { insideTls: { required: ['PLAIN'], forbidden: ['CRAM-MD5', '*'] } },
    },
    tls: { submission: { floor: 'TLSv1.2', speaks: ['TLSv1.2', 'TLSv1.3'] } },
    ports: { 25: 'open', 65535: 'closed' },
    mustTell: ['open-relay'],
    waivers: [
      {
        probe: 'auth-weak',
        endpoint: 'mail.*',
        until: '2026-12-31',
        reason: 'the scanner in the warehouse knows nothing else',
      },
    ],
  });
});

test('JSON says the same, with a byte order mark too', () => {
  expect(read(`\uFEFF${JSON.stringify(read(whole))}`)).toEqual(read(whole));
});

test('what is left out is as in the default policy; the name is that of the file', () => {
  expect(read('{}')).toEqual({ ...defaultPolicy, name: 'p' });
});

describe('what is wrong is told in one line, with its place and what would be right', () => {
  test.each<[string, string, string]>([
    ['nothing', '', 'p.yaml:1:1: the policy: null is not right: it takes a mapping of names to values'],
    ['a list', '- a', 'p.yaml:1:1: the policy: ["a"] is not right: it takes a mapping of names to values'],
    ['no YAML', 'severities: {a: low', 'p.yaml:1:20: is neither YAML nor JSON: '],
    ['a key twice', 'ports: {25: open}\nports: {25: open}\n', 'p.yaml:2:1: "ports" stands here for the second time'],
    ['two documents', 'ports: {}\n---\nports: {}\n', 'p.yaml:2:1: is neither YAML nor JSON: '],
    [
      'an unknown key',
      'severities: {}\nmustTel: [hello]\n',
      'p.yaml:2:1: "mustTel" is not known here - did you mean mustTell?; there are name, severities, ceilings, mechanisms, tls, ports, mustTell, waivers',
    ],
    [
      'an unknown probe',
      'severities:\n  open-relay: low\n  open-realy: low\n',
      'p.yaml:3:3: severities: "open-realy" is not known here - did you mean open-relay?; there are hello, open-relay, vrfy, auth-weak, connection-rate',
    ],
    [
      'an unknown severity',
      'severities:\n  open-relay: hihg\n',
      'p.yaml:2:15: severities.open-relay: "hihg" is not one of info, low, medium, high, critical - did you mean high?',
    ],
    ['no severity', 'severities: {vrfy: }', 'p.yaml:1:20: severities.vrfy: null is not one of info, low'],
    [
      'a ceiling of what is no limit',
      'ceilings: {open-relay: 3}',
      'p.yaml:1:12: ceilings: "open-relay" is not known here; there are connection-rate, connection-count',
    ],
    [
      'a ceiling in words',
      'ceilings: {connection-rate: many}',
      'p.yaml:1:29: ceilings.connection-rate: "many" is not right: it takes a number above 0',
    ],
    [
      'no ceiling at all',
      'ceilings: {connection-rate: 0}',
      'ceilings.connection-rate: 0 is not right: it takes a number above 0',
    ],
    [
      'an unknown role',
      'tls: {smtp: {floor: TLSv1.2}}',
      'p.yaml:1:7: tls: "smtp" is not known here; there are mx, submission, submissions',
    ],
    [
      'a version without its name',
      'tls: {mx: {floor: 1.2}}',
      'p.yaml:1:19: tls.mx.floor: 1.2 is not one of TLSv1, TLSv1.1, TLSv1.2, TLSv1.3',
    ],
    [
      'a version that is no list',
      'tls: {mx: {speaks: TLSv1.3}}',
      'tls.mx.speaks: "TLSv1.3" is not right: it takes a list of TLSv1',
    ],
    ['an empty list', 'tls: {mx: {speaks: []}}', 'tls.mx.speaks: [] is not right: it takes a list of TLSv1'],
    [
      'a mechanism in small letters',
      'mechanisms: {mx: {insideTls: {required: [PLAIN, login]}}}',
      'p.yaml:1:49: mechanisms.mx.insideTls.required[1]: "login" is not right: it takes the name of a mechanism in capitals, such as PLAIN',
    ],
    [
      'a mechanism required in clear',
      'mechanisms: {mx: {beforeTls: {required: [PLAIN]}}}',
      'p.yaml:1:31: mechanisms.mx.beforeTls: "required" is not known here; there are forbidden',
    ],
    [
      'a mechanism required and forbidden',
      'mechanisms: {mx: {insideTls: {required: [PLAIN], forbidden: [PLAIN]}}}',
      'p.yaml:1:62: mechanisms.mx.insideTls: PLAIN is both required and forbidden',
    ],
    [
      'a version below the floor',
      'tls: {mx: {floor: TLSv1.3, speaks: [TLSv1.2]}}',
      'tls.mx: TLSv1.2 must be accepted, and is older than the floor, TLSv1.3',
    ],
    ['a port in words', 'ports: {smtp: open}', 'p.yaml:1:9: ports.smtp is no port: ports are between 1 and 65535'],
    ['a port too large', 'ports: {65536: open}', 'ports.65536 is no port'],
    [
      'a port ajar',
      'ports: {25: opne}',
      'p.yaml:1:13: ports.25: "opne" is not one of open, closed - did you mean open?',
    ],
    [
      'an unknown probe to tell',
      'mustTell: [hallo]',
      'p.yaml:1:12: mustTell[0]: "hallo" is not one of hello, open-relay, vrfy',
    ],
    [
      'a probe that is no list',
      'mustTell: hello',
      'p.yaml:1:11: mustTell: "hello" is not right: it takes a list of probe ids',
    ],
    [
      'a waiver without an end',
      'waivers:\n  - probe: vrfy\n    reason: so\n',
      'p.yaml:2:5: waivers[0].until is missing: it takes a day, such as 2026-12-31',
    ],
    [
      'a day that there is not',
      'waivers:\n  - {probe: vrfy, reason: so, until: 2026-02-30}\n',
      'p.yaml:2:38: waivers[0].until: "2026-02-30" is not right: it takes a day, such as 2026-12-31',
    ],
    [
      'no reason',
      'waivers: [{probe: vrfy, reason: " ", until: 2026-02-03}]',
      'waivers[0].reason: " " is not right: it takes a sentence that says why',
    ],
    ['a waiver that is none', 'waivers: [vrfy]', 'waivers[0]: "vrfy" is not right: it takes probe, until and reason'],
    [
      'the first of several',
      'ports: {25: opne}\nname: ""\nmustTell: [x]\n',
      'p.yaml:1:13: ports.25: "opne" is not one of open, closed - did you mean open? (and 2 more)',
    ],
    ['an escape', 'name: "\\e[2J"', 'name: "\\x1b[2J" is not right'],
    ['a prototype', '{"__proto__": {"name": "x"}}', '"__proto__" is not known here'],
    [
      'an alias bomb',
      `a: &a [${'x,'.repeat(9)}x]\n${[...'bcdefgh'].map((name, at) => `${name}: &${name} [${`*${'abcdefgh'[at]},`.repeat(9)}*${'abcdefgh'[at]}]\n`).join('')}`,
      'cannot be read: Excessive alias count',
    ],
  ])('%s', (_, text, message) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ name: 'UsageError', message: expect.stringContaining(message) as string }),
    );
    try {
      read(text);
    } catch (error) {
      expect((error as Error).message).toMatch(/^p\.yaml:\d+:\d+: [^\n]+$/);
    }
  });
});
