import { randomBytes } from 'node:crypto';
import { brief } from '../../model/host-port.ts';
import { didYouMean } from '../../model/nearest.ts';
import { UsageError } from '../../model/usage-error.ts';
import { visible } from '../../model/visible.ts';
import type { AlertMessage } from '../../monitor/alerts/message.ts';
import type { Channel, MonitorConfig } from '../../monitor/config/config.ts';
import type { Command } from '../command.ts';
import { misused, say } from '../complain.ts';
import { configOf, usualFile } from './config-file.ts';
import { notifyParts } from './notify-parts.ts';

/** `mxprobe monitor test-alert`. */
export const command: Command = {
  usage: {
    words: '<channel>',
    about:
      'Sends a message that says it is a test to one channel of the file, and says what became of it. Nothing is remembered. A pager rings, and keeps an incident of the least weight, which a person ends there.',
    options: { file: { value: 'file', values: 'files', about: `The file of monitors (default ${usualFile})` } },
    examples: [['postmaster', 'does mail arrive?']],
    epilogue: 'Exit codes: 0 the channel took it; 3 it did not, or bad usage.',
  },
  async run(given, io) {
    const config = await configOf(given.one('file') ?? usualFile, io);
    if (config === null) return misused;
    const channel = channelIn(config, given.words);
    const { senderOf } = await import('../../notify/sender.ts');
    const controller = new AbortController();
    const stop = io.onInterrupt(() => controller.abort());
    const shown = `${channel.name} (${channel.kind})`;
    try {
      await senderOf(channel, notifyParts(io))(testMessage(channel, io.hostname), controller.signal);
    } catch (error) {
      say(`${shown} was not told: ${error instanceof Error ? error.message : String(error)}`, io);
      return misused;
    } finally {
      stop();
    }
    io.stdout.write(visible(`${shown} was told${wayOf(channel)}`).concat('\n'));
    return 0;
  },
};

/** Throws a `UsageError` that says which there are. */
function channelIn({ channels }: MonitorConfig, [name, ...others]: readonly string[]): Channel {
  const names = channels.map((channel) => channel.name);
  const list =
    names.length === 0 ? 'the file has none' : `there ${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}`;
  if (name === undefined || others.length > 0)
    throw new UsageError(`name one channel, mxprobe monitor test-alert <channel>: ${list}`);
  const found = channels.find((channel) => channel.name === name);
  if (found === undefined) throw new UsageError(`"${brief(name)}" is no channel${didYouMean(name, names)}; ${list}`);
  return found;
}

/** What a person may want to look at next. */
function wayOf(channel: Channel): string {
  if (channel.kind === 'mail') return `: ${channel.server.host} took the mail to ${channel.to.join(', ')}`;
  return channel.kind === 'pagerduty' ? ': end the incident there' : '';
}

function testMessage({ name }: Channel, hostname: string): AlertMessage {
  const at = Date.now();
  const id = randomBytes(6).toString('hex');
  const headline = `Somebody on ${hostname} tried the channel ${name}`;
  return {
    id: `test-${id}`,
    kind: 'test',
    at,
    link: null,
    items: [
      {
        what: 'test',
        command: '',
        incident: {
          ...{ id, kind: 'self', monitor: '', host: '', port: 0, probe: `channel:${name}`, members: [] },
          ...{ state: 'open', severity: 'info', openedAt: at, openedRun: null, confirmedAt: at },
          ...{ closedAt: null, closedBecause: null, lastSeenAt: at, lastSeenRun: null, doubt: null },
          ...{ before: null, now: { verdict: 'pass', because: 'a test', quotes: [] }, headline, fix: null },
          ...{ ackedAt: null, ackedBy: null, ackedUntil: null },
          ...{ flappingSince: null, openings: [], streak: 0 },
        },
      },
    ],
  };
}
