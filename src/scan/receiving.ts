import { setTimeout as delay } from 'node:timers/promises';
import type { DnsClient } from '../discover/dns-client.ts';
import type { Mail, Receiving } from '../kit/probe.ts';
import { handIn, isTaken, lastAnswer } from '../kit/proof/hand-in.ts';
import { endpointOf } from '../model/endpoint.ts';
import type { SinkSource } from '../model/receiving.ts';
import type { Trouble } from '../model/trouble.ts';
import { Recorder } from '../wire/recorder.ts';
import { SmtpSession } from '../wire/session.ts';
import { inTrouble, troubleOf } from '../wire/trouble-error.ts';
import type { ScanOptions } from './options.ts';

/** What the user has named to receive mail of ours, for the probes of one endpoint. */
export function receivingOf(options: ScanOptions, dns: DnsClient, recorder: Recorder): Receiving {
  const { sink, inbox, waitSeconds, signal } = options;
  return {
    sink,
    inbox,
    waitSeconds,
    handToSink: async (mail) => {
      if (sink === null) return 'no sink is named';
      const places = await placesOf(sink, dns);
      if (places.length === 0) return `DNS leads to no server for ${sink.domain}: point its MX to the sink`;
      let why = '';
      for (const place of places) {
        const refusal = await handOver(mail, place, options);
        if (refusal === null) return null;
        why ||= refusal;
      }
      return why;
    },
    now: () => recorder.elapsed(),
    pause: async (seconds) => {
      await delay(seconds * 1000, undefined, signal === null ? {} : { signal }).catch(() => {});
      if (signal?.aborted) throw inTrouble('budget-spent', 'stopped', 'the scan was ended while this waited for mail');
    },
  };
}

interface Place {
  readonly address: string;
  readonly port: number;
}

/** Servers of a domain that are tried, and addresses of each. */
const tried = 2;

/** By MX, the best first; the name itself where there is none (RFC 5321 §5.1). */
async function placesOf({ at, domain }: SinkSource, dns: DnsClient): Promise<Place[]> {
  if (at !== null) return [at];
  const mx = await dns.ask(domain, 'MX');
  const hosts =
    mx.kind === 'found'
      ? mx.records.toSorted((a, b) => a.preference - b.preference).map((one) => one.exchange)
      : [domain];
  const places: Place[] = [];
  for (const host of hosts.slice(0, tried)) {
    const answers = await Promise.all([dns.ask(host, 'A'), dns.ask(host, 'AAAA')]);
    for (const { kind, records } of answers)
      if (kind === 'found') places.push(...records.slice(0, tried).map((address) => ({ address, port: 25 })));
  }
  return places;
}

/** One message, as any server would hand it in; null where it was taken. Its dialogue is no part of the report. */
async function handOver(mail: Mail, place: Place, options: ScanOptions): Promise<string | null> {
  const { restraint, signal, helo } = options;
  const endpoint = endpointOf({ host: place.address, ...place, role: 'mx', tls: 'starttls' });
  const fails = (cut: Trouble) => `the sink at ${place.address} port ${place.port}: ${cut.because}`;
  try {
    const recorder = new Recorder();
    const session = await SmtpSession.open({ endpoint, restraint, recorder, probe: 'sink', tlsCa: null, signal });
    try {
      await session.greet();
      await session.hello(helo);
      const handed = await handIn(session, mail);
      if (isTaken(handed)) return null;
      if (handed.cut !== null) return fails(handed.cut);
      const last = lastAnswer(handed)?.exchange;
      return `the sink answers "${last?.reply.lines[0].text}" to ${last?.command}`;
    } finally {
      await session.quit(restraint.quitSeconds);
    }
  } catch (error) {
    return fails(troubleOf(error));
  }
}
