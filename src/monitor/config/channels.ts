import type { Channel, Place, Secret } from './config.ts';
import type { Written } from './form.ts';
import type { Files } from './lookups.ts';
import { mailServerOf } from './servers.ts';

type WrittenChannel = NonNullable<Written['channels']>[string];
type WrittenSecret = { readonly env?: string | undefined; readonly file?: string | undefined };
type Kind = Channel['kind'];
type Made<K extends Kind> = Extract<Channel, { readonly kind: K }> extends infer C ? Omit<C, 'name'> : never;

/** A channel that says one kind. */
export function channelOf(name: string, written: WrittenChannel, files: Files): Channel {
  for (const kind of Object.keys(makers) as Kind[]) {
    const settings = written[kind];
    const make = makers[kind] as (settings: unknown, files: Files) => Omit<Channel, 'name'>;
    if (settings !== undefined) return { name, ...make(settings, files) } as Channel;
  }
  throw new Error(`channel ${name} has no kind`);
}

const makers: { readonly [K in Kind]: (written: NonNullable<WrittenChannel[K]>, files: Files) => Made<K> } = {
  mail({ to, from = null, server, password }, files) {
    const read = mailServerOf(server);
    if (read.kind === 'problem') throw new Error(read.problem);
    const { kind: _, ...where } = read;
    return { kind: 'mail', to: [to].flat(), from, server: where, password: secretOrNull(password, files) };
  },
  webhook: ({ url, token, template = null }, files) => ({
    kind: 'webhook',
    url: placeOf(url, files),
    token: secretOrNull(token, files),
    template,
  }),
  slack: ({ url }, files) => ({ kind: 'slack', url: secretOf(url, files) }),
  teams: ({ url }, files) => ({ kind: 'teams', url: secretOf(url, files) }),
  mattermost: ({ url }, files) => ({ kind: 'mattermost', url: secretOf(url, files) }),
  matrix: ({ server, room, token }, files) => ({ kind: 'matrix', server, room, token: secretOf(token, files) }),
  ntfy: ({ server = 'https://ntfy.sh', topic, token }, files) => ({
    kind: 'ntfy',
    server,
    topic,
    token: secretOrNull(token, files),
  }),
  pagerduty: ({ server = 'https://events.pagerduty.com', key }, files) => ({
    kind: 'pagerduty',
    server,
    key: secretOf(key, files),
  }),
  alertmanager: ({ url, token }, files) => ({ kind: 'alertmanager', url, token: secretOrNull(token, files) }),
  exec: ({ command }) => ({ kind: 'exec', command }),
};

export function placeOf(written: string | WrittenSecret, files: Files): Place {
  return typeof written === 'string' ? { kind: 'url', url: written } : secretOf(written, files);
}

function secretOf({ env, file }: WrittenSecret, files: Files): Secret {
  return env === undefined ? { kind: 'file', file: files.resolve(file ?? '') } : { kind: 'env', env };
}

const secretOrNull = (written: WrittenSecret | undefined, files: Files): Secret | null =>
  written === undefined ? null : secretOf(written, files);
