import type { Wording } from '../../yaml/problems.ts';
import { monitorJsonSchema } from './form.ts';

/** The words for what zod finds wrong with the file. What may be a secret is never shown. */
export function wordingFor(probes: readonly string[]): Wording {
  return {
    schema: monitorJsonSchema(probes),
    whole: 'the file',
    formOf,
    badKey: ' is no name: letters, digits, dots, dashes and underscores, 64 at most',
    listedBy: 'mxprobe probes lists the ids',
    mayShow: ([first]) => first !== 'channels' && first !== 'heartbeat' && first !== 'web',
  };
}

/** What belongs in a place, by the names on the way there that the file does not choose itself. */
function formOf(path: readonly PropertyKey[]): string {
  const [section, , ...inside] = path;
  const isNamed = section === 'monitors' || section === 'schedules' || section === 'channels';
  const names = (isNamed ? [section, ...inside] : path).filter((step) => typeof step === 'string');
  if (isNamed && path.length === 2) return wholes[section] ?? '';
  const last = names.at(-1) ?? '';
  return (typeof path.at(-1) === 'number' ? items[last] : undefined) ?? forms[last] ?? '';
}

const wholes: Readonly<Record<string, string>> = {
  monitors: 'a mapping with targets at least',
  schedules: 'a mapping with every or cron, such as { every: 1h }',
  channels: 'a mapping with one kind of channel, such as { exec: { command: [notify] } }',
};

const aSecret = 'the place of a secret, { env: NAME } or { file: PATH }; the secret itself never stands in this file';
const howLong = 'a number and s, m, h, d, w or y, such as 2m';
const yesOrNo = 'true or false';
const forms: Readonly<Record<string, string>> = {
  '': 'a mapping with monitors at least',
  $schema: 'text',
  store: 'a file, such as ./mxprobe.db',
  defaults: 'a mapping of what monitors and schedules do not say themselves',
  schedules: 'schedules by name, such as scan: { every: 1h }; in a monitor a list of their names',
  channels: 'channels by name',
  routes: 'a list of routes, such as [{ to: [postmaster] }]',
  monitors: 'monitors by name, such as mx: { targets: [example.org] }',
  maintenance: 'a list, such as [{ match: mx, cron: "0 22 * * SAT", for: 2h }]',
  retention: 'runs, changes and reports, each with a duration such as 90d',
  heartbeat: `a URL, or ${aSecret}`,
  targets:
    'a list of targets, such as [example.org, "mail.example.org:587"], or a file of them, such as "@customers.txt"',
  each: yesOrNo,
  private: yesOrNo,
  authorized: yesOrNo,
  dnsTrusted: yesOrNo,
  tags: 'a list of names, such as [own]',
  ports: 'a list of ports from 1 to 65535, such as [25, 587]',
  family: '4 or 6',
  recover: 'a whole number from 1 to 100',
  every: howLong,
  for: howLong,
  confirm: howLong,
  deadline: howLong,
  spread: howLong,
  after: howLong,
  runs: howLong,
  changes: howLong,
  reports: howLong,
  remind: `${howLong}, or never`,
  cron: 'five fields in quotes, such as "17 3 * * SUN"',
  window: 'a part of the day in quotes, such as "02:00-05:00"',
  probes: 'a list of probe ids',
  skip: 'a list of probe ids',
  password: aSecret,
  token: aSecret,
  key: aSecret,
  env: 'the name of a variable of the environment',
  file: 'the name of a file',
  url: `${aSecret}; of a webhook, a URL that is no secret, too`,
  mail: 'to, server, and password where the server has a user',
  to: 'a list: in a route of channels, such as [postmaster]; in a channel of mail addresses',
  server: 'a server: of mail smtps://user@host, else https://host',
  room: 'the id of a room, such as "!abc:example.org"',
  topic: 'letters, digits, dashes and underscores, 64 at most',
  command: 'a list of a program and its arguments',
  auth: 'tokens, users or proxy',
  tokens: 'a list of { name, sha256, may }',
  sha256: '64 hexadecimal digits in lower case',
  scrypt: 'salt:hash in hexadecimal digits, 32 and 64 of them, as docs/monitor.md makes one',
  users: 'a list of { name, scrypt }',
  may: 'a list of metrics, read and act',
  status: '{ public: [NAME] }',
};
const items: Readonly<Record<string, string>> = {
  targets: 'a target in quotes',
  to: 'a channel, or { channel: NAME, after: 10m }; of mail, an address',
  routes: 'to, and severity, tag, match and digest where wanted',
  maintenance: 'match, with cron and for, or with from and until',
  ports: 'a port from 1 to 65535',
  schedules: 'the name of a schedule',
  tags: 'a name: letters, digits, dots, dashes and underscores',
};
