import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { whyNot } from '../../model/why-not.ts';
import type { MonitorConfig, Secret } from '../../monitor/config/config.ts';
import type { WatchParts } from '../../monitor/watch.ts';
import type { NotifyParts } from '../../notify/parts.ts';
import type { Io } from '../io.ts';

/** What channels need of the world. `ca`: certificates that mail trusts besides the usual ones. */
export function notifyParts({ env, hostname }: Pick<Io, 'env' | 'hostname'>, ca?: string): NotifyParts {
  return {
    readSecret: (secret) => secretIn(secret, env),
    fetch,
    spawn,
    hostname,
    ...(ca === undefined ? {} : { ca }),
  };
}

/** Throws an `Error` that says why there is none. A line feed at the end of a file is no part of it. */
function secretIn(secret: Secret, env: Io['env']): string {
  const text = secret.kind === 'env' ? (env[secret.env] ?? '') : fileText(secret.file);
  const value = text.replace(/\r?\n$/, '');
  if (value === '')
    throw new Error(secret.kind === 'env' ? `the environment has no ${secret.env}` : `"${secret.file}" is empty`);
  return value;
}

function fileText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`"${file}" cannot be read: ${whyNot(error)}`);
  }
}

/** Hands each message to the channel that the file in force calls so. */
export function sendBy(config: () => MonitorConfig, parts: NotifyParts): WatchParts['send'] {
  const senders = new WeakMap<object, ReturnType<typeof import('../../notify/sender.ts').senderOf>>();
  return async ({ channel: name, message, left }, signal) => {
    const channel = config().channels.find((one) => one.name === name);
    if (channel === undefined) throw new Error(`the file has no channel "${name}" any more`);
    const { senderOf } = await import('../../notify/sender.ts');
    const send = senders.get(channel) ?? senderOf(channel, parts);
    senders.set(channel, send);
    await send(message, signal, left);
  };
}
