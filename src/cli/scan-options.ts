import { X509Certificate } from 'node:crypto';
import { safeties, severities } from '../model/judgement.ts';
import { defaultLimits, type Limits } from '../model/limits.ts';
import { UsageError } from '../model/usage-error.ts';
import { defaultOptions, type ScanOptions } from '../scan/options.ts';
import type { Given } from './arguments.ts';
import { readOptionFile } from './files.ts';
import { dnsServer, domain, heloName, idsOf, mailAddress, number, oneOf, ports, wholeNumber } from './values.ts';

type Options = Omit<ScanOptions, 'helo' | 'signal'> & { readonly helo: string | null };

/** Every option of `scan` that decides what is asked, read and checked. `helo` is null where the user named none. */
export async function readScanOptions(given: Given, known: readonly string[]): Promise<Options> {
  refuseWhatContradicts(given);
  const read = <T>(option: string, reader: (option: string, text: string) => T): T | null => {
    const text = given.one(option);
    return text === null ? null : reader(option, text);
  };
  return {
    ...defaultOptions,
    allow: read('allow', (option, text) => oneOf(option, text, safeties)) ?? defaultOptions.allow,
    authorized: given.has('authorized'),
    ...readProbes(given, known),
    ports: read('ports', ports),
    domain: read('domain', domain),
    recipient: read('recipient', mailAddress),
    external: read('external', mailAddress),
    sender: read('sender', mailAddress),
    helo: read('helo', heloName),
    vantage: read('vantage', (option, text) => oneOf(option, text, ['outside', 'trusted'])),
    family: given.has('ipv4') ? 4 : given.has('ipv6') ? 6 : null,
    dns: read('dns', dnsServer),
    tlsCa: await read('tls-ca', certificates),
    failOn: read('fail-on', (option, text) => oneOf(option, text, severities)) ?? defaultOptions.failOn,
    limits: readLimits(given),
  };
}

function refuseWhatContradicts(given: Given): void {
  if (given.has('ipv4') && given.has('ipv6')) {
    throw new UsageError('--ipv4 and --ipv6 exclude each other: leave both out to scan both');
  }
}

function readProbes(given: Given, known: readonly string[]): Pick<ScanOptions, 'probes' | 'skip'> {
  const probes = idsOf('probe', given.all('probe'), known);
  const skip = idsOf('skip', given.all('skip'), known);
  const asked = (probes.length > 0 ? probes : known).filter((id) => !skip.includes(id));
  if (asked.length === 0 && known.length > 0) throw new UsageError('--skip leaves no probe to run: skip fewer');
  return { probes, skip };
}

/** A server may be slow at each step of a dialogue; the whole of it gets at least ten times the patience of one reply. */
function readLimits(given: Given): Limits {
  const timeout = given.one('timeout');
  const concurrency = given.one('concurrency');
  const patience = given.one('patience');
  const events = given.one('max-events');
  const minutes = given.one('max-minutes');
  const seconds = timeout === null ? null : number('timeout', timeout, 0.1, 600);
  return {
    ...defaultLimits,
    ...(seconds !== null && {
      replySeconds: seconds,
      handshakeSeconds: seconds,
      dialogueSeconds: Math.max(defaultLimits.dialogueSeconds, seconds * 10),
    }),
    ...(concurrency !== null && { addressesAtOnce: wholeNumber('concurrency', concurrency, 1, 1000) }),
    ...(patience !== null && { patienceSeconds: number('patience', patience, 0, 86_400) }),
    ...(events !== null && { maxEvents: wholeNumber('max-events', events, 1, 100_000) }),
    ...(minutes !== null && { loadSeconds: number('max-minutes', minutes, 0.1, 1440) * 60 }),
  };
}

/** The text of a PEM bundle in which every certificate can be read. */
async function certificates(option: string, file: string): Promise<string> {
  const pem = await readOptionFile(option, file);
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0)
    throw new UsageError(`--${option}: "${file}" has no PEM certificate in it (-----BEGIN CERTIFICATE-----)`);
  for (const [index, block] of blocks.entries()) {
    try {
      new X509Certificate(block);
    } catch {
      throw new UsageError(`--${option}: certificate ${index + 1} in "${file}" cannot be read: take it out or mend it`);
    }
  }
  return pem;
}
