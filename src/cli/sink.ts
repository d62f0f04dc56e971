import { closeSync, openSync } from 'node:fs';
import { UsageError } from '../model/usage-error.ts';
import { whyNot } from '../model/why-not.ts';
import { type Heading, lineOf, type Taken } from '../proof/results.ts';
import { startSink } from '../proof/sink.ts';
import { domain, numberOf, wholeNumberOf } from '../scan/option-values.ts';
import type { Command } from './command.ts';
import { say } from './complain.ts';
import { writeWhole } from './files.ts';
import { heloOf } from './helo.ts';
import type { Io } from './io.ts';
import { listenAddress, sinkSecret } from './receivers.ts';

/** `mxprobe sink`: until it has had its messages, its time is over, or it is interrupted. */
export const command: Command = {
  usage: {
    words: '',
    about: `A receiver of your own, by which relay-proof sees whether mail for outside comes out at the other end.

It takes mail to addresses that a scan with the same secret has made, answers 550 to all others, and sends nothing. Of a message it keeps the envelope, its Received fields and the address that handed it in, not the body. Run it on a machine that the MX of a domain of yours leads to, and that the server you scan has no trust in.`,
    options: {
      domain: { value: 'domain', about: 'The domain whose MX leads here, such as sink.example.net' },
      listen: { value: 'address:port', about: 'Where to listen (default :25)' },
      output: {
        value: 'file',
        values: 'files',
        about: 'Write results there, a line a message (default: standard output)',
      },
      messages: { value: 'n', about: 'Stop after so many messages (default 100)' },
      minutes: { value: 'n', about: 'Stop after so many minutes (default 1440, a day)' },
    },
    examples: [
      ['--domain sink.example.net --output sink.ndjson', 'for scans with --sink sink.ndjson'],
      ['--domain sink.example.net --listen 192.0.2.1:25 --minutes 30', 'one address, half an hour'],
    ],
    epilogue:
      'The secret comes from MXPROBE_SINK_SECRET, or from the file that MXPROBE_SINK_SECRET_FILE names; the scan needs the same. Exit codes: 0 ended, 3 bad usage or an error of our own.',
  },

  async run(given, io) {
    const name = given.one('domain', domain);
    if (name === null)
      throw new UsageError('name the domain whose MX leads here: mxprobe sink --domain sink.example.net');
    const listen = given.one('listen', listenAddress) ?? { host: '0.0.0.0', port: 25 };
    const most = given.one('messages', wholeNumberOf(1, 100_000)) ?? 100;
    const minutes = given.one('minutes', numberOf(0.01, 525_600)) ?? 1440;
    const secret = await sinkSecret(io);
    using results = openResults(
      given.one('output', (_, file) => file),
      io,
    );
    let end: (why: string) => void = () => {};
    const over = new Promise<string>((resolve) => {
      end = resolve;
    });
    let taken = 0;
    const onMail = (mail: Taken) => {
      results.write(mail);
      taken += 1;
      say(`a message for ${mail.token} from ${mail.peer ?? 'an address that is not told'}`, io);
      if (taken >= most) end(`has had its ${most} messages`);
    };
    await using sink = await startSink({ ...listen, domain: name, secret, most, onMail }).catch((error: unknown) => {
      throw new UsageError(
        `--listen: cannot listen on ${listen.host} port ${listen.port}: ${whyNot(error)}; name another, or stop what listens there`,
      );
    });
    results.write({ sink: name, startedAt: new Date().toISOString() });
    say(`listens on ${listen.host} port ${sink.port}, for tokens at ${name} alone; ${howToLead(name, io)}`, io);
    const timer = setTimeout(() => end(`ends after ${minutes} min`), minutes * 60_000);
    const stop = io.onInterrupt(() => end('is interrupted'));
    const why = await over;
    clearTimeout(timer);
    stop();
    say(`the sink ${why}: ${taken} ${taken === 1 ? 'message' : 'messages'} taken`, io);
    return 0;
  },
};

/** The record that leads mail here. */
function howToLead(name: string, { hostname }: Io): string {
  const { name: own, note } = heloOf(hostname);
  return note === null
    ? `its MX must lead here, as in: ${name}. IN MX 10 ${own}.`
    : `its MX must name a host that leads to this machine, as in: ${name}. IN MX 10 ${name}.`;
}

/** A file is added to, so that a sink that is started again loses nothing. */
function openResults(file: string | null, io: Io): Disposable & { write(entry: Heading | Taken): void } {
  if (file === null) return { write: (entry) => io.stdout.write(lineOf(entry)), [Symbol.dispose]: () => {} };
  const handle = opened(file);
  return { write: (entry) => writeWhole(handle, lineOf(entry)), [Symbol.dispose]: () => closeSync(handle) };
}

function opened(file: string): number {
  try {
    return openSync(file, 'a', 0o600);
  } catch (error) {
    throw new UsageError(`--output: "${file}" cannot be written: ${whyNot(error)}`);
  }
}
