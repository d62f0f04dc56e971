import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { defaultPolicy, judgeAgain, probes, readPolicy } from '../../src/index.ts';
import { builtIns } from '../../src/policy/built-in/built-ins.ts';
import { endpointReport, finding, report } from '../unit/report/handmade.ts';
import { badReport, type World, world } from './fake-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'mxprobe-'));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const t = 'mx.example.com';

/** A world that knows the whole catalogue and judges in earnest. */
function earnest(stubs: Parameters<typeof world>[0] = {}): World {
  const made = world({ judgeAgain, ...stubs });
  const scanner = async () => ({ ...(await made.io.scanner()), probes });
  return { ...made, io: { ...made.io, scanner } };
}

const saved = file('report.json', JSON.stringify(badReport));
const waiver = (until: string) =>
  file(`waived-until-${until}.yaml`, `waivers: [{probe: open-relay, until: ${until}, reason: agreed}]\n`);

describe('scan --policy', () => {
  test.each(Object.keys(builtIns))('takes %s by its name', async (name) => {
    const { io, scans } = earnest();
    expect(await run(['scan', t, '--policy', name], io)).toBe(0);
    expect(scans[0]?.options.policy).toEqual(await readPolicy(builtIns[name] ?? ''));
  });

  test('takes a file, by its path also where it is called like a built-in one; its name is that of the file', async () => {
    const { io, scans } = earnest();
    await run(['scan', t, '--policy', file('mx', 'severities: {vrfy: low}')], io);
    await run(['scan', t, '--policy', file('our mail (2).yaml', '{}')], io);
    expect(scans[0]?.options.policy).toEqual({ ...defaultPolicy, name: 'mx', severities: { vrfy: 'low' } });
    expect(scans[1]?.options.policy?.name).toBe('our mail -2-');
  });

  test('without it the default policy holds', async () => {
    const { io, scans } = earnest();
    await run(['scan', t], io);
    expect(scans[0]?.options.policy).toEqual(defaultPolicy);
  });

  test('--plan names the ports of the policy', async () => {
    const { io, out } = earnest();
    await run(['scan', '192.0.2.1', t, '--policy', file('ports.yaml', 'ports: {2525: closed}'), '--plan'], io);
    expect(out()).toContain('192.0.2.1 ports 25, 587, 465, 2525');
    expect(out().replace(/\s+/g, ' ')).toContain('(its MX hosts on 25, 2525;');
  });

  test('a waiver that nothing has use for is told on stderr', async () => {
    const scan = async () => report([endpointReport([finding('vrfy', 'pass')])]);
    const policy = file('idle.yaml', 'waivers: [{probe: vrfy, endpoint: "mx*", until: 2030-01-01, reason: x}]');
    const { io, err } = earnest({
      scan: async (_, options) => ({ ...(await scan()), policy: options.policy ?? defaultPolicy }),
    });
    expect(await run(['scan', t, '--policy', policy], io)).toBe(0);
    expect(err()).toBe('mxprobe: the waiver of vrfy at mx* until 2030-01-01 matches nothing: no such fail was found\n');
  });
});

describe('judge --policy', () => {
  test('judges by it, as of the day of the scan', async () => {
    const { io, out } = earnest();
    expect(await run(['judge', saved, '--policy', waiver('2026-01-02')], io)).toBe(0);
    expect(out()).toContain('Waived until 2026-01-02: agreed');
    expect(out()).toContain('1 waived');
    const later = earnest();
    expect(await run(['judge', saved, '--policy', waiver('2026-01-01')], later.io)).toBe(1);
    expect(later.out().replace(/\s+/g, ' ')).toContain('the waiver of open-relay ended on 2026-01-01: it counts again');
  });

  test('the report keeps it: judged again without being told, it says the same', async () => {
    const first = earnest();
    await run(['judge', saved, '--policy', waiver('2026-01-02'), '--format', 'json'], first.io);
    const again = earnest({ stdin: first.out() });
    expect(await run(['judge', '-', '--format', 'json'], again.io)).toBe(0);
    expect(again.out()).toBe(first.out());
  });
});

describe('policy', () => {
  test('lists the built-in ones', async () => {
    const { io, out } = earnest();
    expect(await run(['policy'], io)).toBe(0);
    for (const name of Object.keys(builtIns)) expect(out()).toMatch(new RegExp(`^  ${name} +[A-Z].*\\.$`, 'm'));
  });

  test.each(Object.entries(builtIns))('show %s prints what can be read again', async (name, text) => {
    const { io, out } = earnest();
    expect(await run(['policy', 'show', name], io)).toBe(0);
    expect(out()).toBe(text);
    expect((await readPolicy(out())).name).toBe(name);
  });

  test('schema prints a JSON Schema that knows every probe', async () => {
    const { io, out } = earnest();
    expect(await run(['policy', 'schema'], io)).toBe(0);
    const schema = JSON.parse(out()) as { properties: { severities: { properties: object } } };
    expect(Object.keys(schema.properties.severities.properties)).toEqual(probes.map(({ id }) => id));
  });

  test('init writes the policy that a report meets', async () => {
    const written = earnest();
    expect(await run(['policy', 'init', saved], written.io)).toBe(0);
    expect(written.out()).toContain('probe: open-relay');
    const judged = earnest();
    expect(await run(['judge', saved, '--policy', file('written.yaml', written.out())], judged.io)).toBe(0);
    expect(judged.err()).toBe('');
  });

  test('init reads standard input', async () => {
    const { io, out } = earnest({ stdin: JSON.stringify(badReport) });
    expect(await run(['policy', 'init', '-'], io)).toBe(0);
    expect(out()).toContain('TODO say why');
  });
});

const damaged = { ...badReport, policy: { ...defaultPolicy, tls: 3 } };

test.each<[string, string[], string]>([
  [
    'no such built-in',
    ['scan', t, '--policy', 'stirct'],
    '--policy: "stirct" is no built-in policy - did you mean strict?; there are mx, submission, null-client, strict, and as a file it cannot be read: there is no such file or folder',
  ],
  [
    'no such file',
    ['scan', t, '--policy', './mx.yaml'],
    '--policy: "./mx.yaml" cannot be read: there is no such file or folder',
  ],
  ['a folder', ['scan', t, '--policy', folder], 'cannot be read: it is a folder'],
  ['no policy', ['scan', t, '--policy'], '--policy needs a value'],
  ['two', ['scan', t, '--policy', 'mx', '--policy', 'strict'], '--policy was given 2 times'],
  [
    'a bad file',
    ['scan', t, '--policy', file('bad.yaml', 'severities:\n  vrfy: hihg\n')],
    'bad.yaml:2:9: severities.vrfy: "hihg" is not one of info, low, medium, high, critical - did you mean high?',
  ],
  ['no YAML', ['scan', t, '--policy', file('no.yaml', 'a: [')], 'no.yaml:1:5: is neither YAML nor JSON: '],
  [
    'a bad file to judge by',
    ['judge', saved, '--policy', file('bad.json', '{"ports":{"25":"x"}}')],
    'bad.json:1:16: ports.25: "x" is not one of open, closed',
  ],
  [
    'a report with a bad policy',
    ['judge', file('d.json', JSON.stringify(damaged))],
    'is damaged: policy.tls is not right: ',
  ],
  [
    'an unknown action',
    ['policy', 'shwo'],
    'policy has no "shwo" - did you mean show?; there are init, show and schema',
  ],
  ['nothing to show', ['policy', 'show'], 'policy show takes the name of one policy: mxprobe policy show mx'],
  [
    'an unknown policy to show',
    ['policy', 'show', 'my'],
    '"my" is no built-in policy - did you mean mx?; there are mx,',
  ],
  ['a prototype to show', ['policy', 'show', 'constructor'], '"constructor" is no built-in policy'],
  ['a word for the schema', ['policy', 'schema', 'x'], 'policy schema takes no "x"'],
  ['nothing to begin with', ['policy', 'init'], 'policy init takes one saved report'],
  ['no such report', ['policy', 'init', '/nowhere.json'], '"/nowhere.json" cannot be read: there is no such file'],
  ['no report', ['policy', 'init', file('p.json', '{}')], 'is no mxprobe report'],
  [
    'a report that tells nothing',
    ['policy', 'init', file('n.json', JSON.stringify(report([endpointReport([])])))],
    'the report tells nothing',
  ],
])('%s: one line, exit code 3, nothing on stdout, nothing scanned', async (_, argv, message) => {
  const { io, out, err, scans } = earnest();
  expect(await run(argv, io)).toBe(3);
  expect(err()).toContain(message);
  expect(err()).toMatch(/^mxprobe: [^\n]+\n$/);
  expect(out()).toBe('');
  expect(scans).toEqual([]);
});
