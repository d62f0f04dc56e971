import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { run } from '../../src/cli/run.ts';
import { judgeAgain, probes } from '../../src/index.ts';
import { badReport, type World, world } from './fake-io.ts';

/** A world that knows the whole catalogue and judges in earnest. */
function earnest(stubs: Parameters<typeof world>[0] = {}): World {
  const made = world({ judgeAgain, ...stubs });
  const scanner = async () => ({ ...(await made.io.scanner()), probes });
  return { ...made, io: { ...made.io, scanner } };
}

const newFolder = () => mkdtempSync(join(tmpdir(), 'mxprobe-monitor-'));
const folder = newFolder();
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe('monitor check', () => {
  test('says what is due when, in the time zone of the schedule', async () => {
    file('customers.txt', 'a.example\nb.example\n');
    const path = file(
      'good.yaml',
      `defaults: { timezone: Europe/Berlin }
schedules: { scan: { every: 1h }, limits: { cron: '17 3 * * SUN', allow: load, authorized: true, window: '02:00-05:00' } }
monitors:
  mx: { targets: [example.org], schedules: [scan, limits], policy: mx }
  hosted: { targets: '@customers.txt', each: true }
`,
    );
    const { io, out, err, scans } = earnest();
    expect(await run(['monitor', 'check', path], io)).toBe(0);
    expect(err()).toBe('');
    expect(scans).toEqual([]);
    const flat = out().replace(/\s+/g, ' ');
    expect(flat).toContain('mx example.org; policy mx scan every 1h in Europe/Berlin: at once where it is new, then ');
    expect(flat).toMatch(
      /limits 17 3 \* \* SUN in Europe\/Berlin, load, from 02:00 to 05:00: (Sun \d{4}-\d\d-\d\d 03:\d\d( \+0[12]:00)?(, )?){5} hosted:a/,
    );
    expect(flat).toContain('hosted:b.example b.example; policy default');
    expect(out()).toMatch(/^ok +.*good\.yaml is in order: 3 monitors$/m);
  });

  test('says the same as JSON', async () => {
    const path = file(
      'one.yaml',
      'monitors: { mx: { targets: [example.org] } }\nchannels: { x: { exec: { command: [x] } } }\nroutes: [{ severity: high, to: [x] }]\n',
    );
    const { io, out } = earnest();
    expect(await run(['monitor', 'check', path, '--format', 'json'], io)).toBe(0);
    const checked = JSON.parse(out());
    expect(checked).toMatchObject({
      schema: 1,
      kind: 'monitor-check',
      mistakes: [],
      warnings: [{ line: 3, column: 9 }],
      monitors: [{ name: 'mx', schedules: [{ name: 'scan', when: 'every 1h', timezone: 'UTC', isDueAtOnce: true }] }],
    });
    expect(checked.monitors[0].schedules[0].next).toHaveLength(5);
  });

  test('says every mistake, one a line, with what may be a secret left out', async () => {
    const path = file(
      'bad.yaml',
      `schedules: { scan: { cron: '0 3 31 2 *', timezone: Mars/Base } }
channels: { x: { pagerduty: { key: hunter2 } } }
routes: [{ to: [y] }]
monitors:
  mx: { targets: [a.example], polcy: mx }
  mx: { targets: [b.example] }
`,
    );
    const { io, out, err } = earnest();
    expect(await run(['monitor', 'check', path], io)).toBe(3);
    expect(err()).toBe('');
    const lines = out().trimEnd().split('\n');
    expect(lines.map((line) => line.replace(path, '').split(': ')[0])).toEqual([
      ':1:28',
      ':1:52',
      ':2:36',
      ':3:17',
      ':6:3',
    ]);
    expect(out()).not.toContain('hunter');
    const json = earnest();
    expect(await run(['monitor', 'check', path, '--format', 'json'], json.io)).toBe(3);
    expect(JSON.parse(json.out()).mistakes).toHaveLength(5);
    expect(json.out()).not.toContain('hunter');
  });

  test('finds the example in order', async () => {
    file('customers.txt', 'a.example\n');
    const { io, out } = earnest();
    const example = readFileSync(new URL('../../examples/mxprobe.yaml', import.meta.url), 'utf8');
    expect(await run(['monitor', 'check', file('example.yaml', example)], io)).toBe(0);
    expect(out()).toMatch(/^ok .* is in order: 3 monitors$/m);
  });

  test('reads standard input', async () => {
    const { io, out } = earnest({ stdin: 'monitors: { mx: { targets: [example.org] } }' });
    expect(await run(['monitor', 'check', '-'], io)).toBe(0);
    expect(out()).toContain('- is in order: 1 monitor');
  });

  test('says which secrets are not there, and does not look at those that are', async () => {
    const secret = file('secret', 'hunter2');
    const text = (key: string) =>
      `monitors: { mx: { targets: [example.org] } }\nchannels: { p: { pagerduty: { key: ${key} } } }\n`;
    const told = async (key: string) => {
      const { io, out } = earnest({ stdin: text(key), env: { THERE: 'hunter2' } });
      await run(['monitor', 'check', '-'], io);
      expect(out()).not.toContain('hunter2');
      return out();
    };
    expect(await told('{ env: NOT_THERE }')).toContain(
      '2:36: warning: channels.p.pagerduty.key: the environment has no NOT_THERE here',
    );
    expect(await told('{ file: /nowhere/secret }')).toContain(
      '"/nowhere/secret" cannot be read here: there is no such file',
    );
    expect(await told('{ env: THERE }')).not.toContain('pagerduty');
    expect(await told(`{ file: ${secret} }`)).not.toContain('pagerduty');
  });

  test('of a list of hundreds tells the first', async () => {
    const hosts = Array.from({ length: 300 }, (_, n) => `h${n}.example\n`).join('');
    file('many.txt', hosts);
    const { io, out } = earnest();
    await run(['monitor', 'check', file('many.yaml', 'monitors: { m: { targets: "@many.txt", each: true } }')], io);
    expect(out()).toContain('m: 290 more, which --format json lists');
    expect(out().split('\n').length).toBeLessThan(70);
  });

  test.each<[string, string[], string]>([
    ['two files', ['a.yaml', 'b.yaml'], 'monitor check takes one file: mxprobe monitor check mxprobe.yaml'],
    ['no such file', ['/nowhere.yaml'], '"/nowhere.yaml" cannot be read: there is no such file'],
    [
      'another format',
      ['x.yaml', '--format', 'html'],
      '--format: "html" is for reports of a scan; here there are terminal, json',
    ],
  ])('%s: one line, exit code 3', async (_, words, message) => {
    const { io, out, err } = earnest();
    expect(await run(['monitor', 'check', ...words], io)).toBe(3);
    expect(err()).toContain(message);
    expect(out()).toBe('');
  });
});

describe('monitor schema', () => {
  test('knows the file that init writes, and what is wrong with another', async () => {
    const { io, out } = earnest();
    expect(await run(['monitor', 'schema'], io)).toBe(0);
    const fits = new Ajv2020({ strict: false }).compile(JSON.parse(out()));
    expect(fits({ monitors: { mx: { targets: ['example.org'] } } })).toBe(true);
    expect(fits({ monitors: { mx: { target: ['example.org'] } } })).toBe(false);
    expect(fits({ monitors: { mx: { targets: ['a'] } }, schedules: { s: { every: '1 hour' } } })).toBe(false);
    expect(fits({ monitors: { mx: { targets: ['a'] } }, channels: { p: { pagerduty: { key: 'secret' } } } })).toBe(
      false,
    );
  });
});

describe('monitor init', () => {
  const init = async (words: string[], stubs: Parameters<typeof world>[0] = {}) => {
    const made = earnest(stubs);
    const code = await run(['monitor', 'init', ...words, '--timezone', 'Europe/Berlin'], made.io);
    return { ...made, code };
  };

  test('scans once, and writes a file and a policy that can be read again', async () => {
    const path = join(newFolder(), 'mxprobe.yaml');
    const { code, out, err, scans } = await init([
      'example.com',
      'mail.example.com:587',
      'mail.example.com:465',
      '--file',
      path,
    ]);
    expect(err()).toBe('');
    expect(code).toBe(0);
    expect(scans).toHaveLength(1);
    expect(parse(readFileSync(path, 'utf8'))).toEqual({
      store: './mxprobe.db',
      defaults: { timezone: 'Europe/Berlin', policy: './mxprobe.policy.yaml' },
      schedules: { scan: { every: '1h' } },
      monitors: {
        'example.com': { targets: ['example.com'] },
        'mail.example.com': { targets: ['mail.example.com:587', 'mail.example.com:465'] },
      },
    });
    expect(readFileSync(path.replace('.yaml', '.policy.yaml'), 'utf8')).toContain('mustTell:');
    for (const part of ['scan  every 1h', 'ExecStart=/usr/bin/env mxprobe monitor run ', 'WorkingDirectory=', path])
      expect(out()).toContain(part);
    const again = earnest();
    expect(await run(['monitor', 'check', path], again.io)).toBe(0);
    expect(again.out()).not.toContain('warning');
  });

  test('what fails today is waived, and is exit code 0', async () => {
    const path = join(newFolder(), 'm.yaml');
    const { code } = await init(['mx.example.com', '--file', path, '--helo', 'scanner.example.net'], {
      scan: async () => badReport,
    });
    expect(code).toBe(0);
    expect(readFileSync(path.replace('.yaml', '.policy.yaml'), 'utf8')).toContain('probe: open-relay');
    expect(readFileSync(path, 'utf8')).toContain('helo: scanner.example.net');
  });

  test('a domain is asked about, and written down', async () => {
    const path = join(newFolder(), 'm.yaml');
    const { code, scans } = await init(['mail.example.net', '--domain', 'example.com', '--file', path]);
    expect(code).toBe(0);
    expect(scans).toMatchObject([{ options: { domain: 'example.com' } }]);
    expect(parse(readFileSync(path, 'utf8')).monitors).toEqual({
      'mail.example.net': { targets: ['mail.example.net'], domain: 'example.com' },
    });
    expect(await run(['monitor', 'check', path], earnest().io)).toBe(0);
  });

  test('an address inside says so in the file, and every target has a name', async () => {
    const path = join(newFolder(), 'm.yaml');
    await init(['127.0.0.1:2525', '[::1]:2525', '[2001:db8::1]:25', '--file', path]);
    expect(parse(readFileSync(path, 'utf8')).monitors).toEqual({
      '127.0.0.1': { targets: ['127.0.0.1:2525'], private: true },
      '1': { targets: ['[::1]:2525'], private: true },
      '2001-db8--1': { targets: ['[2001:db8::1]:25'] },
    });
    expect(await run(['monitor', 'check', path], earnest().io)).toBe(0);
  });

  test.each(['m.yaml', 'm.policy.yaml'])('overwrites no %s, and does not scan first', async (name) => {
    const home = newFolder();
    writeFileSync(join(home, name), 'mine');
    const { code, err, scans } = await init(['example.com', '--file', join(home, 'm.yaml')]);
    expect(code).toBe(3);
    expect(err()).toContain(`${name}" is there already, and is not overwritten`);
    expect(scans).toEqual([]);
    expect(readFileSync(join(home, name), 'utf8')).toBe('mine');
  });

  test.each<[string, string[], Parameters<typeof world>[0], string]>([
    ['no target', [], {}, 'no target: mxprobe monitor init example.com'],
    ['a target that is none', ['a..b'], {}, '"a..b" has a dot too many'],
    ['a domain that is none', ['mx.example.com', '--domain', 'a..b'], {}, 'a..b'],
    [
      'a scan that was stopped',
      ['mx.example.com'],
      { scan: async () => ({ ...badReport, stopped: true }) },
      'the scan was interrupted: nothing is written',
    ],
    [
      'a server that tells nothing',
      ['mx.example.com'],
      { scan: async () => ({ ...badReport, endpoints: [] }) },
      'the report tells nothing',
    ],
    [
      'a folder that is not there',
      ['mx.example.com', '--file', '/nowhere/m.yaml'],
      {},
      '"/nowhere/m.policy.yaml" cannot be written: there is no such file or folder',
    ],
  ])('%s: nothing is written, exit code 3', async (_, words, stubs, message) => {
    const home = newFolder();
    const at = words.includes('--file') ? [] : ['--file', join(home, 'm.yaml')];
    const { code, err, out } = await init([...words, ...at], stubs);
    expect(code).toBe(3);
    expect(err()).toContain(message);
    expect(out()).toBe('');
    expect(['m.yaml', 'm.policy.yaml'].filter((name) => existsSync(join(home, name)))).toEqual([]);
  });

  test('refuses a time zone that there is not', async () => {
    const { io, err } = earnest();
    expect(await run(['monitor', 'init', 'example.com', '--timezone', 'Berlin'], io)).toBe(3);
    expect(err()).toContain('--timezone: "Berlin" is no time zone');
  });
});
