import { z } from 'zod';
import { safeties, severities } from '../../model/judgement.ts';
import { address, dnsServer, domain, heloName, mailAddress } from '../../scan/option-values.ts';
import { permissions } from './config.ts';
import { cron, duration, mailbox, nameForm, nameKey, readBy, secret, text, timezone, url, window } from './fields.ts';
import { scryptForm } from './scrypt.ts';

/**
 * The form of `mxprobe.yaml`, for the probes that there are. What stands here is said of one place alone; what two
 * places say together is in `references.ts`.
 */
export function monitorForm(probes: readonly string[]) {
  return z.strictObject({
    $schema: z.string().optional().describe('Where the JSON Schema is, for editors'),
    store: store.optional(),
    defaults: defaults.optional().describe('What monitors and schedules do not say themselves'),
    schedules: z
      .record(nameKey, schedule(probes))
      .optional()
      .describe('When to scan, and how loudly; without one called scan, that is hourly'),
    channels: z.record(nameKey, channel).optional().describe('How people are told'),
    routes: z.array(route).optional().describe('Who is told what; first match wins; without any, all channels'),
    monitors: z.record(nameKey, monitor).describe('What is watched'),
    maintenance: z.array(maintenance).optional().describe('When what fails is no news'),
    web: web.optional().describe('The pages'),
    heartbeat: place('Asked for after each round: a service that says when it no longer is').optional(),
    retention: retention.optional().describe('How long things are kept'),
  });
}

/** What the file says, once it has the right form. */
export type Written = z.infer<ReturnType<typeof monitorForm>>;

/** The JSON Schema (draft 2020-12) of the file, for editors. */
export function monitorJsonSchema(probes: readonly string[]): object {
  return { title: 'mxprobe monitor', ...z.toJSONSchema(monitorForm(probes), { io: 'input' }) };
}

/** A database has its password in its URL, so that what stands there is not shown. */
const store = z
  .string()
  .superRefine((value, context) => {
    if (/^[a-z]+:\/\//.test(value))
      context.addIssue({ code: 'custom', message: ' is no file: a database elsewhere is not known yet' });
    if (value.trim() === '') context.addIssue({ code: 'custom', message: ' is empty: it takes a file' });
  })
  .describe('The SQLite file that remembers; default mxprobe.db beside this file');

const nameIn = z.string().min(1);
const place = (about: string) => z.union([url(about), secret(about)]).describe(about);
const pattern = z.string().min(1).describe('Names of monitors, * for any characters, or tag:NAME');

/** How a scan is made, where it differs: named like the options of `mxprobe scan`. */
const anyOptions = {
  helo: readBy('The name given in EHLO', heloName).optional(),
  vantage: z.enum(['outside', 'trusted']).optional().describe('Where the scan stands; default: by its addresses'),
  family: z
    .union([z.literal(4), z.literal(6)])
    .optional()
    .describe('IPv4 or IPv6 alone'),
  dns: readBy('The DNS server, address or address:port', dnsServer).optional(),
  dnsTrusted: z.boolean().optional().describe('Believe what that server says of DNSSEC'),
  dnsbl: z.array(readBy('The zone of a block list', domain)).optional().describe('Block lists to ask'),
  tlsCa: z.string().min(1).optional().describe('A PEM file to judge certificates by'),
};

const alertRules = {
  alertOn: z.enum(severities).optional().describe('The least fail that is told; default medium'),
  confirm: duration('After how long a new fail is asked again before it is told; default 2m', '0s', '1d').optional(),
  remind: z
    .union([duration('How often an open incident is told again; default 1d', '5m'), z.literal('never')])
    .optional()
    .describe('How often an open incident is told again; default 1d'),
  recover: z.int().min(1).max(100).optional().describe('Passes that end an incident; default 1'),
};

const defaults = z.strictObject({
  timezone: timezone.optional(),
  policy: nameIn.optional().describe('A built-in policy or a file; default: the default policy'),
  schedules: z.array(nameIn).min(1).optional().describe('Schedules by name; default scan'),
  ...anyOptions,
  ...alertRules,
});

function schedule(probes: readonly string[]) {
  const ids = z.array(z.enum(probes)).min(1);
  return z.strictObject({
    every: duration('How often', '10s', '1y').optional(),
    cron: cron('When: minute, hour, day, month, weekday, such as 17 3 * * SUN').optional(),
    timezone: timezone.optional(),
    spread: duration(
      'With cron: over how long monitors are spread; default 5 % of the period, at most 15m',
      '0s',
      '1w',
    ).optional(),
    catchUp: z.enum(['one', 'none']).optional().describe('After a downtime: one run for all that was missed, or none'),
    window: window.optional(),
    allow: z.enum(safeties).optional().describe('The loudest probes; default active'),
    authorized: z.boolean().optional().describe('Needed with intrusive and load: it says that you may'),
    probes: ids.optional().describe('Only these probes'),
    skip: ids.optional().describe('All but these probes'),
    deadline: duration('When a scan is ended; default: half as long again as it may take', '10s', '1w').optional(),
  });
}

const monitor = z.strictObject({
  targets: z
    .union([z.array(z.string()).min(1), z.string().regex(/^@./)])
    .describe('As of mxprobe scan, or the file that lists them, as @customers.txt'),
  each: z.boolean().optional().describe('With @file: each line is a monitor of its own'),
  schedules: z.array(nameIn).min(1).optional().describe('Schedules by name'),
  tags: z
    .array(z.string().regex(new RegExp(nameForm)))
    .optional()
    .describe('For routes and maintenance'),
  policy: nameIn.optional().describe('A built-in policy or a file'),
  private: z.boolean().optional().describe('Its servers may have private and loopback addresses'),
  ports: z.array(z.int().min(1).max(65_535)).min(1).optional().describe('Ports of a host or domain'),
  domain: readBy('A domain that the server accepts mail for', domain).optional(),
  recipient: readBy('A mailbox known to exist there', mailAddress).optional(),
  external: readBy('The recipient outside, for relay tests', mailAddress).optional(),
  sender: readBy('Envelope sender', mailAddress).optional(),
  ...anyOptions,
  ...alertRules,
});

const addresses = z.union([mailbox('A mail address'), z.array(mailbox('A mail address')).min(1)]);

/** One of these; that it is one alone is told by `references.ts`. */
const channel = z.strictObject({
  mail: z
    .strictObject({
      to: addresses.describe('Who gets it'),
      from: mailbox('Sender; default: mxprobe at the name of this host').optional(),
      server: z.string().describe('Where it is handed in: smtps://user@host, or smtp://user@host:587 with STARTTLS'),
      password: secret('Of the user of that server').optional(),
    })
    .optional(),
  webhook: z
    .strictObject({
      url: place('Where it is posted'),
      token: secret('For Authorization: Bearer').optional(),
      template: z.string().min(1).optional().describe('The JSON body, with {{names}}; default: all that is known'),
    })
    .optional(),
  slack: z.strictObject({ url: secret('The incoming webhook') }).optional(),
  teams: z.strictObject({ url: secret('The workflow that takes posts') }).optional(),
  mattermost: z.strictObject({ url: secret('The incoming webhook') }).optional(),
  matrix: z
    .strictObject({ server: url('The home server'), room: z.string().regex(/^!.+/), token: secret('Access token') })
    .optional(),
  ntfy: z
    .strictObject({
      server: url('Default https://ntfy.sh').optional(),
      topic: z.string().regex(/^[\w-]{1,64}$/),
      token: secret('Access token').optional(),
    })
    .optional(),
  pagerduty: z
    .strictObject({
      server: url('Default https://events.pagerduty.com; in Europe https://events.eu.pagerduty.com').optional(),
      key: secret('Integration key, Events API v2'),
    })
    .optional(),
  alertmanager: z
    .strictObject({ url: url('Of Alertmanager'), token: secret('For Authorization: Bearer').optional() })
    .optional(),
  exec: z
    .strictObject({ command: z.array(z.string().min(1)).min(1).describe('Program and arguments; JSON on its input') })
    .optional(),
});

const route = z.strictObject({
  severity: z.enum(severities).optional().describe('At or above it'),
  tag: nameIn.optional().describe('Monitors with this tag'),
  match: pattern.optional(),
  to: z
    .array(
      z.union([
        nameIn,
        z.strictObject({ channel: nameIn, after: duration('If nobody has said by then that they know').optional() }),
      ]),
    )
    .min(1)
    .describe('Channels by name'),
  digest: z.enum(['hourly', 'daily', 'weekly']).optional().describe('Told together once in a while'),
});

const moment = text('A time with its offset, such as 2026-12-31T22:00:00Z', (value) =>
  /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value))
    ? null
    : 'is no time: write 2026-12-31T22:00:00Z, or +01:00 instead of Z',
);

const maintenance = z.strictObject({
  match: pattern,
  cron: cron('When it begins').optional(),
  for: duration('How long it takes', '1m', '1y').optional(),
  timezone: timezone.optional(),
  from: moment.optional(),
  until: moment.optional(),
  reason: z.string().min(1).optional(),
});

const web = z.strictObject({
  listen: z.string().min(1).optional().describe('host:port, unix:/path, or none; default 127.0.0.1:9725'),
  hosts: z.array(readBy('A name', domain)).optional().describe('Names under which the pages are asked for'),
  auth: z
    .strictObject({
      tokens: z
        .array(
          z.strictObject({
            name: z.string().regex(new RegExp(nameForm)),
            sha256: z.string().regex(/^[0-9a-f]{64}$/),
            may: z.array(z.enum(permissions)).min(1),
          }),
        )
        .optional()
        .describe('For programs: the SHA-256 of 32 random bytes, and what they may'),
      users: z
        .array(
          z.strictObject({
            name: z.string().regex(/^[^:\s]{1,64}$/),
            scrypt: z.string().regex(new RegExp(scryptForm)),
          }),
        )
        .optional()
        .describe('For people, by basic auth'),
      proxy: z
        .strictObject({
          header: z.string().regex(/^[\w-]+$/),
          addresses: z.array(readBy('An address', address)).min(1),
        })
        .optional()
        .describe('The header in which a proxy at these addresses says who it is'),
    })
    .optional(),
  status: z
    .strictObject({ public: z.array(nameIn) })
    .optional()
    .describe('Monitors whose state anybody may see'),
});

const retention = z.strictObject({
  runs: duration('Each run; default 90d', '1d').optional(),
  changes: duration('What changed; default 2y', '1d').optional(),
  reports: duration('Whole reports; default 1y', '1d').optional(),
});
