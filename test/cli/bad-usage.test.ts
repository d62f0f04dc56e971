import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { world } from './fake-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'mxprobe-'));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const t = 'mx.example.com';

test.each<[string, string[], string]>([
  ['nothing', [], 'say what to do: mxprobe scan <target>, or mxprobe --help'],
  ['an unknown command', ['scna', t], '"scna" is no command - did you mean mxprobe scan?; mxprobe --help lists them'],
  ['a target without a command', ['example.com', '--plan'], 'to scan it, mxprobe scan example.com --plan'],
  ['an option before the command', ['--plan', 'scan'], '--plan comes after the command'],

  ['an unknown option', ['scan', t, '--fromat', 'json'], 'there is no option --fromat - did you mean --format?'],
  ['a short option', ['scan', t, '-x'], 'there is no option -x; mxprobe scan --help lists them'],
  ['a negated option', ['scan', t, '--no-plan'], 'there is no option --no-plan'],
  ['a value missing', ['scan', t, '--helo'], '--helo needs a value: --helo <name>'],
  ['a value missing before another option', ['scan', t, '--helo', '--plan'], '--helo needs a value'],
  ['an option twice', ['scan', t, '--helo', 'a.b', '--helo', 'c.d'], '--helo was given 2 times: give it once'],

  ['no target', ['scan'], 'no target: mxprobe scan example.com, or mxprobe scan --help'],
  ['a malformed target', ['scan', 'example..com'], '"example..com" has a dot too many'],
  ['a malformed port', ['scan', 'example.com:smtp'], 'has a port that is not a number'],
  ['a port out of range', ['scan', 'example.com:70000'], 'ports are between 1 and 65535'],
  ['an address that is none', ['scan', '192.0.2.300'], '"192.0.2.300" is neither a name nor an IPv4 address'],
  ['a range', ['scan', '192.0.2.0/24'], 'ranges of addresses are not scanned: list each address'],
  [
    'a file that is not there',
    ['scan', '@/nowhere/hosts'],
    '"@/nowhere/hosts" is taken for a file of targets and cannot be read: there is no such file or folder',
  ],
  ['a folder', ['scan', `@${folder}`], 'cannot be read: it is a folder'],
  [
    'a bad line in a file',
    ['scan', `@${file('bad', 'a.example\nb..example\n')}`],
    'bad: line 2: "b..example" has a dot too many',
  ],
  ['an empty file', ['scan', `@${file('empty', '# nothing\n')}`], 'no target in @'],

  [
    'an unknown format',
    ['scan', t, '--format', 'jsn'],
    '--format: "jsn" is no format - did you mean json?; there are terminal, html, markdown, json, ndjson, sarif, ',
  ],
  [
    'an unknown probe',
    ['scan', t, '--probe', 'open-realy'],
    '--probe: "open-realy" is no probe - did you mean open-relay?; mxprobe probes lists them',
  ],
  ['an unknown probe to skip', ['scan', t, '--skip', 'zzz'], '--skip: "zzz" is no probe; mxprobe probes lists them'],
  ['nothing left to ask', ['scan', t, '--probe', 'hello', '--skip', 'hello'], '--skip leaves no probe to run'],
  [
    'an unknown class',
    ['scan', t, '--allow', 'activ'],
    '--allow: "activ" is not one of passive, active, intrusive, load - did you mean active?',
  ],
  [
    'an unknown severity',
    ['scan', t, '--fail-on', 'bad'],
    '--fail-on: "bad" is not one of info, low, medium, high, critical',
  ],
  ['an unknown vantage', ['scan', t, '--vantage', 'inside'], '--vantage: "inside" is not one of outside, trusted'],
  [
    'ports that are none',
    ['scan', t, '--ports', '25,smtp'],
    '--ports: "smtp" is not a whole number: give one from 1 to 65535',
  ],
  ['ports out of range', ['scan', t, '--ports', '0'], '--ports: "0" is out of range'],
  ['a hole in the ports', ['scan', t, '--ports', '25,,587'], '--ports: "25,,587" has an empty place in it'],
  ['no patience', ['scan', t, '--patience', '-1'], '--patience: "-1" is out of range'],
  ['no time', ['scan', t, '--timeout', '0'], '--timeout: "0" is out of range: give a number from 0.1 to 600'],
  ['half a scan', ['scan', t, '--concurrency', '1.5'], '--concurrency: "1.5" is not a whole number'],
  ['no time', ['scan', t, '--max-minutes', 'long'], '--max-minutes: "long" is not a number'],
  [
    'no address',
    ['scan', t, '--recipient', 'postmaster'],
    '--recipient: "postmaster" is no mail address: write user@example.com',
  ],
  [
    'an injected command',
    ['scan', t, '--sender', 'a@b.example\r\nDATA'],
    '--sender: "a@b.example\\x0d\\x0aDATA" has a character that no name has',
  ],
  [
    'an angle bracket',
    ['scan', t, '--external', '<a@b.example'],
    '--external: "<a@b.example" has a character before the @',
  ],
  ['a bad domain', ['scan', t, '--domain', 'a b'], '--domain: "a b" has a character that no name has'],
  ['a HELO name that is short', ['scan', t, '--helo', 'scanner'], '--helo: "scanner" is not fully qualified'],
  ['a HELO address without brackets', ['scan', t, '--helo', '192.0.2.1'], '--helo: "192.0.2.1"'],
  ['a block list that is no name', ['scan', t, '--dnsbl', 'http://list.example'], '--dnsbl: "http://list.example"'],
  [
    'a vantage that is no address',
    ['scan', t, '--vantage-address', 'here'],
    '--vantage-address: "here" is no IP address',
  ],
  ['a DNS server by name', ['scan', t, '--dns', 'dns.example.com'], '--dns: "dns.example.com" is no address'],
  ['both families', ['scan', t, '--ipv4', '--ipv6'], '--ipv4 and --ipv6 exclude each other'],
  ['a policy', ['scan', t, '--policy', './p.json'], '--policy: "./p.json" cannot be read: there is no such file'],
  [
    'a CA file that is not there',
    ['scan', t, '--tls-ca', '/nowhere.pem'],
    '--tls-ca: "/nowhere.pem" cannot be read: there is no such file',
  ],
  ['a CA file without a certificate', ['scan', t, '--tls-ca', file('ca.txt', 'x')], 'has no PEM certificate in it'],
  [
    'a CA file with a broken one',
    ['scan', t, '--tls-ca', file('ca.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')],
    'certificate 1 in',
  ],
  [
    'an output that cannot be',
    ['scan', t, '--output', '/nowhere/report.json'],
    '--output: "/nowhere/report.json" cannot be written: there is no such file or folder',
  ],
  ['an output that is a folder', ['scan', t, '--output', folder], 'cannot be written: it is a folder'],
  ['a plan in JSON', ['scan', t, '--plan', '--format', 'json'], '--plan is text for people: leave out --format'],

  [
    'an unknown probe to explain',
    ['probes', 'hallo'],
    '"hallo" is no probe - did you mean hello?; mxprobe probes lists them',
  ],
  ['two probes to explain', ['probes', 'a', 'b'], 'probes takes one id at a time'],
  ['a word for demo', ['demo', 'x'], 'demo takes no "x": mxprobe demo --help'],
  ['nothing to judge', ['judge'], 'judge takes one saved report'],
  ['a report that is not there', ['judge', '/nowhere.json'], '"/nowhere.json" cannot be read: there is no such file'],
  ['a report that is not JSON', ['judge', file('x.json', '{')], 'is not JSON'],
  [
    'a stream of events',
    ['judge', file('x.ndjson', '{"type":"started"}\n{"type":"finished"}\n')],
    'is a stream of events (ndjson): save with --format json',
  ],
  ['JSON that is no report', ['judge', file('y.json', '[]')], 'is no mxprobe report'],
  [
    'a report to come',
    ['judge', file('z.json', '{"schema":2}')],
    'is a report of schema 2; this version reads schema 1',
  ],
  [
    'half a report',
    ['judge', file('h.json', '{"schema":1,"tool":{"name":"mxprobe","version":"1"}}')],
    'is damaged: startedAt is missing',
  ],
  [
    'a stream of what is judged',
    ['judge', 'r.json', '--format', 'ndjson'],
    '"ndjson" is the stream of a running scan; here there are terminal, html, markdown, json, sarif, ',
  ],
])('%s: one line, exit code 3, nothing on stdout, nothing scanned', async (_, argv, message) => {
  const { io, out, err, scans } = world();
  expect(await run(argv, io)).toBe(3);
  expect(err()).toContain(message);
  expect(err()).toMatch(/^mxprobe: [^\n]+\n$/);
  expect(err()).not.toMatch(/[^\n\x20-\x7e]/);
  expect(out()).toBe('');
  expect(scans).toEqual([]);
});
