import { describe, expect, test } from 'vitest';
import { probes as catalogue } from '../../../probes/index.ts';
import { UsageError } from '../../../src/model/usage-error.ts';
import { readConfig } from '../../../src/monitor/config/read-config.ts';

const few = ['hello', 'open-relay', 'vrfy', 'connection-rate'];
const all = catalogue.map(({ id }) => id);

/** Reads with these files beside it. */
function read(text: string, beside: Readonly<Record<string, string>> = {}, probes: readonly string[] = few) {
  return readConfig(text, {
    probes,
    files: {
      resolve: (name) => `/etc/mxprobe/${name.replace(/^\.\//, '')}`,
      read(name) {
        const there = beside[name];
        if (there === undefined) throw new UsageError('cannot be read: there is no such file or folder');
        return there;
      },
      lacks: (secret) => (secret.kind === 'env' && secret.env === 'UNSET' ? 'the environment has no UNSET here' : null),
    },
  });
}

/** Every mistake as `line:column: text`. */
function mistakes(text: string, beside: Readonly<Record<string, string>> = {}): string[] {
  const result = read(text, beside);
  if (result.kind === 'config') return [];
  return result.mistakes.map(({ text: said, place }) => `${place.line}:${place.column}: ${said}`);
}

function config(text: string, beside: Readonly<Record<string, string>> = {}) {
  const result = read(text, beside, all);
  if (result.kind !== 'config') throw new Error(JSON.stringify(result.mistakes));
  return result.config;
}

const text = `
store: ./mxprobe.db
defaults: { timezone: Europe/Berlin, policy: mx, helo: scanner.example.net, alertOn: medium, confirm: 2m, remind: 1d }
schedules:
  scan:   { every: 1h }
  limits: { cron: '17 3 * * SUN', allow: load, authorized: true, window: '02:00-05:00' }
channels:
  postmaster: { mail: { to: postmaster@example.org, server: 'smtps://mon@out.example.org', password: { env: MAIL_PASSWORD } } }
  pager:      { pagerduty: { key: { file: /run/secrets/pd } } }
routes:
  - { severity: critical, to: [postmaster, { channel: pager, after: 10m }] }
  - { tag: customer, to: [postmaster], digest: daily }
  - { to: [postmaster] }
monitors:
  mx:     { targets: [example.org], schedules: [scan, limits], tags: [own] }
  submit: { targets: ['mail.example.org:587', 'mail.example.org:465'], policy: submission }
  hosted: { targets: '@customers.txt', each: true, schedules: [scan], tags: [customer] }
maintenance: [{ match: mx, cron: '0 22 * * SAT', for: 2h }]
web: { listen: 127.0.0.1:9725, auth: { tokens: [{ name: prometheus, sha256: '${'0a'.repeat(32)}', may: [metrics] }] }, status: { public: [mx] } }
heartbeat: https://watch.example.net/ping/abc
retention: { runs: 90d, changes: 2y, reports: 1y }
`;

describe('a whole file', () => {
  const whole = config(text, { 'customers.txt': 'a.example\n# nobody\nb.example # B\r\n' });

  test('has its monitors, each line of a list as one of its own', () => {
    expect(whole.monitors.map(({ name, group, targets }) => [name, group, targets.map(({ input }) => input)])).toEqual([
      ['mx', 'mx', ['example.org']],
      ['submit', 'submit', ['mail.example.org:587', 'mail.example.org:465']],
      ['hosted:a.example', 'hosted', ['a.example']],
      ['hosted:b.example', 'hosted', ['b.example']],
    ]);
  });

  test('has schedules in the time zone of the file; without a word on it, scan', () => {
    const [mx, submit] = whole.monitors;
    expect(mx?.schedules.map(({ name }) => name)).toEqual(['scan', 'limits']);
    expect(submit?.schedules).toEqual([
      {
        name: 'scan',
        when: { kind: 'every', every: 3_600_000 },
        timezone: 'Europe/Berlin',
        catchUp: 'one',
        window: null,
        allow: 'active',
        authorized: false,
        probes: [],
        skip: [],
        deadline: null,
      },
    ]);
    expect(mx?.schedules[1]).toMatchObject({
      when: { kind: 'cron', cron: '17 3 * * SUN', spread: null },
      allow: 'load',
      authorized: true,
      window: { from: 120, to: 300 },
    });
  });

  test('has policies, options and rules of alerts', () => {
    const [mx, submit] = whole.monitors;
    expect([mx?.policy.name, submit?.policy.name]).toEqual(['mx', 'submission']);
    expect(mx?.options).toMatchObject({ helo: 'scanner.example.net', private: false, dns: null });
    expect(mx?.alerts).toEqual({ alertOn: 'medium', confirm: 120_000, remind: 86_400_000, recover: 1 });
  });

  test('says where secrets are, and where people are told', () => {
    expect(whole.channels).toEqual([
      {
        name: 'postmaster',
        kind: 'mail',
        to: ['postmaster@example.org'],
        from: null,
        server: { host: 'out.example.org', port: 465, tls: 'implicit', user: 'mon' },
        password: { kind: 'env', env: 'MAIL_PASSWORD' },
      },
      {
        name: 'pager',
        kind: 'pagerduty',
        server: 'https://events.pagerduty.com',
        key: { kind: 'file', file: '/etc/mxprobe//run/secrets/pd' },
      },
    ]);
    expect(whole.routes[0]?.to).toEqual([
      { channel: 'postmaster', after: 0 },
      { channel: 'pager', after: 600_000 },
    ]);
    expect(whole.heartbeat).toEqual({ kind: 'url', url: 'https://watch.example.net/ping/abc' });
  });

  test('has a store, pages, maintenance and retention', () => {
    expect(whole.store).toBe('/etc/mxprobe/mxprobe.db');
    expect(whole.web).toMatchObject({ listen: { kind: 'tcp', host: '127.0.0.1', port: 9725 }, publicStatus: ['mx'] });
    expect(whole.maintenance).toEqual([
      { match: 'mx', reason: null, kind: 'cron', cron: '0 22 * * SAT', timezone: 'Europe/Berlin', for: 7_200_000 },
    ]);
    expect(whole.retention.runs).toBe(90 * 86_400_000);
  });

  test('is plain data', () => expect(JSON.parse(JSON.stringify(whole))).toEqual(whole));
});

test('a file of one line is enough: every hour, into a store beside it, told nobody', () => {
  const least = config('monitors: { mx: { targets: [example.org] } }');
  expect(least.monitors[0]).toMatchObject({ name: 'mx', schedules: [{ name: 'scan', timezone: 'UTC' }], tags: [] });
  expect(least).toMatchObject({ store: '/etc/mxprobe/mxprobe.db', channels: [], routes: [], heartbeat: null });
});

test('without routes every channel gets everything', () => {
  const { routes } = config('monitors: {mx: {targets: [a.example]}}\nchannels: {log: {exec: {command: [logger]}}}');
  expect(routes).toEqual([
    { severity: null, tag: null, match: null, to: [{ channel: 'log', after: 0 }], digest: null },
  ]);
});

const mx = '\nmonitors: { mx: { targets: [example.org], tags: [own] } }\n';

describe('what is wrong is told with line, column and what would be right', () => {
  test.each<[string, string, string]>([
    ['nothing', '', '1:1: the file: null is not right: it takes a mapping with monitors at least'],
    [
      'no monitors',
      'store: x.db',
      '1:1: monitors is missing: it takes monitors by name, such as mx: { targets: [example.org] }',
    ],
    [
      'an empty mapping of monitors',
      'monitors: {}',
      '1:11: monitors is empty: it takes one monitor at least, such as mx: { targets: [example.org] }',
    ],
    ['no YAML', 'monitors: [', '1:12: is neither YAML nor JSON: '],
    [
      'a key that is not known',
      `monitor: {}${mx}`,
      '1:1: "monitor" is not known here - did you mean monitors?; there are store, defaults, schedules, channels, routes, monitors, maintenance, web, heartbeat, retention',
    ],
    [
      'a key in a monitor',
      'monitors:\n  mx: { target: [a.example] }',
      '2:9: monitors.mx: "target" is not known here - did you mean targets?; there are targets, each, ',
    ],
    [
      'a key in a schedule',
      `schedules: { x: { evry: 1h } }${mx}`,
      '1:19: schedules.x: "evry" is not known here - did you mean every?; there are every, cron, ',
    ],
    [
      'a key in a channel',
      `channels: { x: { slak: { url: { env: U } } } }${mx}`,
      '1:18: channels.x: "slak" is not known here - did you mean slack?; there are mail, webhook, ',
    ],
    [
      'a key in a step of a route',
      `routes: [{ to: [{ chanel: x }] }]${mx}`,
      '1:19: routes[0].to[0]: "chanel" is not known here - did you mean channel?; there are channel, after',
    ],
    [
      'two monitors of one name',
      'monitors:\n  mx: { targets: [a.example] }\n  mx: { targets: [b.example] }',
      '3:3: "mx" stands here for the second time',
    ],
    [
      'a name that is none',
      'monitors: { "a b": { targets: [a.example] } }',
      '1:13: monitors.a b is no name: letters, digits, dots, dashes and underscores, 64 at most',
    ],
    ['no target', 'monitors: { mx: {} }', '1:17: monitors.mx.targets is missing: it takes a list of targets, such as '],
    [
      'a target that is none',
      'monitors: { mx: { targets: ["me@example.org"] } }',
      '1:29: monitors.mx.targets[0]: "me@example.org" is a mail address: give the domain, example.org',
    ],
    [
      'a target without its list',
      'monitors: { mx: { targets: example.org } }',
      '1:28: monitors.mx.targets: "example.org" is not right: it takes a list of targets, such as ',
    ],
    [
      'an address of a private network',
      'monitors: { mx: { targets: ["10.0.0.1:25"] } }',
      `1:29: monitors.mx.targets[0]: "10.0.0.1:25" is an address of a network of one's own: it needs private: true in this monitor`,
    ],
    [
      'a list that is not there',
      'monitors: { mx: { targets: "@no.txt" } }',
      '1:28: monitors.mx.targets: "no.txt" cannot be read: there is no such file or folder',
    ],
    [
      'each without a list',
      'monitors: { mx: { targets: [a.example], each: true } }',
      '1:47: monitors.mx.each belongs to a list in a file: write targets: "@FILE"',
    ],
    [
      'a line of a list',
      'monitors: { mx: { targets: "@bad.txt" } }',
      '1:28: monitors.mx.targets: bad.txt, line 2: "a b" looks like several targets: ',
    ],
    [
      'a list with nothing in it',
      'monitors: { mx: { targets: "@none.txt" } }',
      '1:28: monitors.mx.targets: "none.txt" has no target in it: write one a line',
    ],
    [
      'a line twice',
      'monitors: { mx: { targets: "@twice.txt", each: true } }',
      '1:28: monitors.mx.targets: twice.txt, line 3: "a.example" is in line 1 already',
    ],
    [
      'a schedule that there is not',
      'schedules: { nightly: { every: 1d } }\nmonitors: { mx: { targets: [a.example], schedules: [nigthly] } }',
      '2:53: monitors.mx.schedules[0]: "nigthly" is no schedule - did you mean nightly?; there are scan, nightly',
    ],
    [
      'a schedule of defaults that there is not',
      `defaults: { schedules: [x] }${mx}`,
      '1:25: defaults.schedules[0]: "x" is no schedule; there is scan',
    ],
    [
      'a policy that there is not',
      'monitors: { mx: { targets: [a.example], policy: stirct } }',
      '1:49: monitors.mx.policy: "stirct" is no policy - did you mean strict?; built in are default, mx, submission, null-client, strict; as a file it cannot be read: there is no such file or folder',
    ],
    [
      'a policy with a mistake',
      `defaults: { policy: bad.yaml }${mx}`,
      '1:21: defaults.policy: bad.yaml:1:13: ports.25: "x" is not one of open, closed',
    ],
    [
      'two forms of when',
      `schedules: { scan: { every: 1h, cron: "0 3 * * *" } }${mx}`,
      '1:33: schedules.scan.cron is one too many beside every: it takes one of every, cron',
    ],
    [
      'no when',
      `schedules: { scan: { allow: passive } }${mx}`,
      '1:20: schedules.scan does not say when it comes: it takes one of every, cron',
    ],
    [
      'a duration that is none',
      `schedules: { scan: { every: 1 hour } }${mx}`,
      '1:29: schedules.scan.every: "1 hour" is no duration: write a number and s, m, h, d, w or y, such as 2m',
    ],
    [
      'a number for a duration',
      `schedules: { scan: { every: 60 } }${mx}`,
      '1:29: schedules.scan.every: 60 is not right: it takes a number and s, m, h, d, w or y, such as 2m',
    ],
    [
      'too often',
      `schedules: { scan: { every: 1s } }${mx}`,
      '1:29: schedules.scan.every: "1s" is too short: it takes 10s to 1y',
    ],
    [
      'a cron that never comes',
      `schedules: { scan: { cron: "0 3 31 2 *" } }${mx}`,
      '1:28: schedules.scan.cron: "0 3 31 2 *" never comes: no year has such a day',
    ],
    [
      'a minute that there is not',
      `schedules: { scan: { cron: "61 * * * *" } }${mx}`,
      '1:28: schedules.scan.cron: "61 * * * *" is no cron line: Invalid value for minute: 61',
    ],
    [
      'three fields',
      `schedules: { scan: { cron: "* * *" } }${mx}`,
      '1:28: schedules.scan.cron: "* * *" is no cron line: it takes five fields, ',
    ],
    [
      'a date',
      `schedules: { scan: { cron: "2027-05-01T00:00:00" } }${mx}`,
      '1:28: schedules.scan.cron: "2027-05-01T00:00:00" is no cron line: it takes five fields, ',
    ],
    [
      'a time zone that there is not',
      `defaults: { timezone: Europe/Belrin }${mx}`,
      '1:23: defaults.timezone: "Europe/Belrin" is no time zone - did you mean Europe/Berlin?; it takes an IANA name, such as Europe/Berlin, or UTC',
    ],
    [
      'an offset for a time zone',
      `defaults: { timezone: "+02:00" }${mx}`,
      '1:23: defaults.timezone: "+02:00" is no time zone; it takes',
    ],
    [
      'load without permission',
      `schedules: { l: { cron: "0 3 * * *", allow: load } }${mx}`,
      '1:45: schedules.l.allow load needs authorized: true beside it: it says that you may',
    ],
    [
      'intrusive without permission',
      `schedules: { l: { every: 1d, allow: intrusive, authorized: false } }${mx}`,
      '1:37: schedules.l.allow intrusive needs authorized: true beside it: it says that you may',
    ],
    [
      'a window that is none',
      `schedules: { l: { every: 1d, window: "2-5" } }${mx}`,
      '1:38: schedules.l.window: "2-5" is no part of a day: write 02:00-05:00, or 22:00-04:00',
    ],
    [
      'a window without length',
      `schedules: { l: { every: 1d, window: "02:00-02:00" } }${mx}`,
      '1:38: schedules.l.window: "02:00-02:00" is no part of a day: ',
    ],
    [
      'a probe that there is not',
      `schedules: { l: { every: 1d, probes: [open-realy] } }${mx}`,
      '1:39: schedules.l.probes[0]: "open-realy" is not one of hello, open-relay, vrfy, connection-rate - did you mean open-relay?',
    ],
    [
      'a spread without cron',
      `schedules: { l: { every: 1d, spread: 5m } }${mx}`,
      '1:38: schedules.l.spread belongs to cron: ',
    ],
    [
      'a route to nowhere',
      `channels: { log: { exec: { command: [logger] } } }\nroutes: [{ to: [lgo] }]${mx}`,
      '2:17: routes[0].to[0]: "lgo" is no channel - did you mean log?; there is log',
    ],
    [
      'a route to no channel at all',
      `routes: [{ to: [{ channel: x, after: 1h }] }]${mx}`,
      '1:28: routes[0].to[0].channel: "x" is no channel; there is none',
    ],
    ['a route to nobody', `routes: [{ to: [] }]${mx}`, '1:16: routes[0].to: [] is not right: it takes a list'],
    [
      'a tag that no monitor has',
      `channels: { log: { exec: { command: [l] } } }\nroutes: [{ tag: onw, to: [log] }]${mx}`,
      '2:17: routes[0].tag: "onw" is no tag of a monitor - did you mean own?; there is own',
    ],
    [
      'a channel without a kind',
      `channels: { x: {} }${mx}`,
      '1:16: channels.x does not say how people are told: it takes one of mail, ',
    ],
    [
      'a channel of two kinds',
      `channels: { x: { exec: { command: [a] }, slack: { url: { env: U } } } }${mx}`,
      '1:42: channels.x.slack is one too many beside exec: it takes one of mail, ',
    ],
    [
      'a template with a name that there is not',
      `channels:\n  x: { webhook: { url: "https://h.example", template: '{ "a": "{{subjct}}" }' } }${mx}`,
      '2:55: channels.x.webhook.template in line 1, column 9 has {{subjct}}, which is no name - did you mean subject?; ',
    ],
    [
      'a template that is no JSON',
      `channels:\n  x:\n    webhook:\n      url: https://h.example\n      template: |\n        {\n          "a": {{subject}}\n        }${mx}`,
      '5:17: channels.x.webhook.template in line 2, column 8 is no JSON',
    ],
    [
      'a channel without its secret',
      `channels: { x: { pagerduty: {} } }${mx}`,
      '1:29: channels.x.pagerduty.key is missing: it takes the place of a secret, { env: NAME } or { file: PATH }; ',
    ],
    [
      'a mail server with a user and no password',
      `channels: { x: { mail: { to: a@example.org, server: "smtps://u@h.example" } } }${mx}`,
      '1:24: channels.x.mail has a user and no password: write password: { env: NAME } or { file: PATH }',
    ],
    [
      'a password for nobody',
      `channels: { x: { mail: { to: a@example.org, server: "smtps://h.example", password: { env: P } } } }${mx}`,
      '1:84: channels.x.mail.password has no user: write server: smtps://user@host',
    ],
    [
      'a secret with no place',
      `channels: { x: { slack: { url: {} } } }${mx}`,
      '1:32: channels.x.slack.url does not say where the secret is: it takes one of env, file',
    ],
    [
      'a secret in two places',
      `channels: { x: { slack: { url: { env: A, file: b } } } }${mx}`,
      '1:42: channels.x.slack.url.file is one too many beside env: it takes one of env, file',
    ],
    [
      'a mail address that is none',
      `channels: { x: { mail: { to: [a], server: "smtps://h.example" } } }${mx}`,
      '1:31: channels.x.mail.to[0] is no mail address: write user@example.com',
    ],
    [
      'maintenance of nobody',
      `maintenance: [{ match: my, cron: "0 1 * * *", for: 1h }]${mx}`,
      '1:24: maintenance[0].match: "my" is no monitor - did you mean mx?; there is mx',
    ],
    [
      'maintenance without an end',
      `maintenance: [{ match: mx, cron: "0 1 * * *" }]${mx}`,
      '1:15: maintenance[0] takes cron and for, or from and until: one of the two pairs, whole',
    ],
    [
      'maintenance backwards',
      `maintenance: [{ match: mx, from: 2027-01-02T00:00:00Z, until: 2027-01-01T00:00:00Z }]${mx}`,
      '1:63: maintenance[0].until is no later than from',
    ],
    [
      'pages for everybody',
      `web: { listen: 0.0.0.0:9725 }${mx}`,
      '1:16: web.listen: "0.0.0.0:9725" is open to others: it needs auth, or 127.0.0.1 or unix:/path',
    ],
    [
      'a proxy that comes by a socket in the file system',
      `web: { listen: 'unix:/run/w', auth: { proxy: { header: X-User, addresses: [192.0.2.1] } } }${mx}`,
      '1:46: web.auth.proxy has addresses, and who comes by a unix socket has none',
    ],
    [
      'a password as it is',
      `web: { auth: { users: [{ name: ann, scrypt: secret }] } }${mx}`,
      '1:45: web.auth.users[0].scrypt is not right: it takes salt:hash in hexadecimal digits, 32 and 64 of them',
    ],
    [
      'an address of pages that is none',
      `web: { listen: localhost }${mx}`,
      '1:16: web.listen: "localhost" names no port: ',
    ],
    [
      'a public state of nobody',
      `web: { status: { public: [xm] } }${mx}`,
      '1:27: web.status.public[0]: "xm" is no monitor - did you mean mx?; there is mx',
    ],
    ['PostgreSQL', `store: postgres://u:p@h/d${mx}`, '1:8: store is no file: a database elsewhere is not known yet'],
    [
      'a helo name that is none',
      `defaults: { helo: scanner }${mx}`,
      '1:19: defaults.helo: "scanner" is not fully qualified: ',
    ],
    [
      'a CA that is none',
      `defaults: { tlsCa: bad.yaml }${mx}`,
      '1:20: defaults.tlsCa: "bad.yaml" has no PEM certificate in it',
    ],
  ])('%s', (_, text, expected) => {
    const beside = {
      'bad.yaml': 'ports: {25: x}',
      'bad.txt': 'a.example\na b\n',
      'none.txt': '# none\n',
      'twice.txt': 'a.example\n\na.example\n',
    };
    const all = mistakes(text, beside);
    // What a slip in a key leaves out is missing besides.
    expect(all).toHaveLength(/did you mean (targets|every|slack|channel)\?/.test(expected) ? 2 : 1);
    expect(
      all.find((line) => line.startsWith(expected)),
      all.join('\n'),
    ).toBeDefined();
  });

  test('all of them, in the order of the text', () => {
    const text = `
defaults: { timezone: Mars/Base, policy: nope }
schedules: { scan: { every: 1x }, l: { cron: "0 3 30 2 *", allow: load } }
routes: [{ to: [nobody] }]
monitors:
  mx: { targets: [a.example], schedules: [sacn] }
  mx: { targets: [b..example] }
  my: { tagets: [] }
`;
    expect(mistakes(text).map((line) => line.split(': ')[0])).toEqual([
      '2:23',
      '2:42',
      '3:29',
      '3:46',
      '3:67',
      '4:17',
      '7:3',
      '7:19',
      '8:7',
      '8:9',
    ]);
  });
});

describe('a secret in the file is refused, and never shown', () => {
  test.each([
    'channels: { x: { slack: { url: "https://hooks.example/hunter2" } } }',
    'channels: { x: { slack: "https://hooks.example/hunter2" } }',
    'channels: { x: "hunter2" }',
    'channels: { x: { pagerduty: { key: hunter2 } } }',
    'channels: { x: { mail: { to: a@example.org, server: "smtps://u:hunter2@h.example" } } }',
    'channels: { x: { mail: { to: a@example.org, server: "smtps://u@h.example", password: hunter2 } } }',
    'channels: { x: { mail: { to: a@example.org, server: "smtps://h.example:hunter2" } } }',
    'channels: { x: { mail: "smtps://u:hunter2@h.example" } }',
    'channels: { x: { webhook: { url: "https://u:hunter2@h.example/" } } }',
    'channels: { x: { webhook: { url: "ftp://hunter2" } } }',
    'heartbeat: "https://u:hunter2@h.example/"',
    'heartbeat: { env: "hunter 2" }',
    'store: postgres://u:hunter2@h.example/d',
  ])('%s', (line) => {
    const all = mistakes(`${line}${mx}`);
    expect(all).toHaveLength(1);
    expect(all[0]).not.toMatch(/hunter/);
  });
});

describe('what may not be as it was meant', () => {
  const warnings = (text: string) => {
    const result = read(text, {}, all);
    if (result.kind !== 'config') throw new Error(JSON.stringify(result.mistakes));
    return result.warnings.map(({ text: said, place }) => `${place.line}:${place.column}: ${said}`);
  };
  const log = 'log: { exec: { command: [logger] } }';
  const watched = '\nmonitors: { mx: { targets: [example.org] } }';

  test('nothing', () => expect(warnings(watched)).toEqual([]));

  test('pages with a name and without auth', () => {
    const told = 'web.hosts has no auth beside it: whoever comes by these names may see and do everything';
    expect(warnings(`web: { hosts: [w.example.org] }${watched}`)).toEqual([`1:8: ${told}`]);
    const users = `users: [{ name: ann, scrypt: '${'0'.repeat(32)}:${'0'.repeat(64)}' }]`;
    expect(warnings(`web: { hosts: [w.example.org], auth: { ${users} } }${watched}`)).toEqual([]);
  });

  test.each<[string, string, string]>([
    [
      'load at any hour',
      `channels: { ${log} }\nschedules: { l: { cron: "0 3 * * *", allow: load, authorized: true } }\nmonitors: { mx: { targets: [example.org], schedules: [l] } }`,
      '2:17: schedules.l puts load on servers at any hour: ',
    ],
    [
      'very often',
      `channels: { ${log} }\nschedules: { scan: { every: 1m } }${watched}`,
      '2:29: schedules.scan.every asks all there is to ask so often',
    ],
    [
      'mail through the watched server',
      `channels: { m: { mail: { to: a@example.com, server: "smtp://mail.example.org" } } }\nmonitors: { mx: { targets: ["mail.example.org:587"] } }`,
      '1:24: channels.m.mail goes through mail.example.org, which is watched, and no other channel is there',
    ],
    [
      'mail to the watched domain',
      `channels: { m: { mail: { to: a@example.org, server: "smtp://out.example.com" } } }${watched}`,
      '1:24: channels.m.mail goes through example.org, which is watched',
    ],
    [
      'mail through a server that is likely one of the watched domain',
      `channels: { m: { mail: { to: a@example.com, server: "smtp://mail.example.org" } } }${watched}`,
      '1:24: channels.m.mail goes through mail.example.org, which may be a server of example.org, which is watched',
    ],
    [
      'a channel without a route',
      `channels: { ${log}, b: { exec: { command: [b] } } }\nroutes: [{ to: [log] }]${watched}`,
      '1:51: channels.b is in no route: it is never used',
    ],
    [
      'a route that is never reached',
      `channels: { ${log} }\nroutes: [{ to: [log] }, { severity: high, to: [log] }]${watched}`,
      '2:25: routes[1] is never reached: routes[0] takes everything before it',
    ],
    [
      'what no route takes',
      `channels: { ${log} }\nroutes: [{ severity: high, to: [log] }]${watched}`,
      '2:9: routes take not all that mx may find',
    ],
    [
      'a secret that is not there',
      `channels: { p: { pagerduty: { key: { env: UNSET } } } }${watched}`,
      '1:36: channels.p.pagerduty.key: the environment has no UNSET here',
    ],
  ])('%s', (_, text, expected) => {
    const told = warnings(text);
    expect(told).toHaveLength(1);
    expect(told[0]?.slice(0, expected.length)).toBe(expected);
  });

  test('a way around the watched server is enough, and routes that take all that is told', () => {
    const mail = 'm: { mail: { to: a@example.org, server: "smtp://out.example.com" } }';
    expect(warnings(`channels: { ${mail}, ${log} }${watched}`)).toEqual([]);
    expect(warnings(`channels: { ${log} }\nroutes: [{ severity: medium, to: [log] }]${watched}`)).toEqual([]);
  });
});
