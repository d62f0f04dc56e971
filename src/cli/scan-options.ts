import { X509Certificate } from 'node:crypto';
import { safeties, severities } from '../model/judgement.ts';
import { type Restraint, defaultRestraint as usual } from '../model/restraint.ts';
import { UsageError } from '../model/usage-error.ts';
import {
  address,
  dnsServer,
  domain,
  heloName,
  idsOf,
  mailAddress,
  numberOf,
  oneOf,
  ports,
  wholeNumberOf,
} from '../scan/option-values.ts';
import { defaultOptions, type ScanOptions } from '../scan/options.ts';
import type { CommandLine } from './arguments.ts';
import { readOptionFile } from './files.ts';

/** `helo` is null where the user named none. */
export type ReadOptions = Omit<ScanOptions, 'helo' | 'signal'> & { readonly helo: string | null };

/** Every option of `scan` that decides what is asked, read and checked. Throws `UsageError`. */
export async function readScanOptions(given: CommandLine, known: readonly string[]): Promise<ReadOptions> {
  return {
    ...defaultOptions,
    allow: given.one('allow', oneOf(safeties)) ?? defaultOptions.allow,
    authorized: given.has('authorized'),
    ...readProbes(given, known),
    ports: given.one('ports', ports),
    domain: given.one('domain', domain),
    recipient: given.one('recipient', mailAddress),
    external: given.one('external', mailAddress),
    sender: given.one('sender', mailAddress),
    helo: given.one('helo', heloName),
    vantage: given.one('vantage', oneOf(['outside', 'trusted'])),
    family: readFamily(given),
    dns: given.one('dns', dnsServer),
    dnsTrusted: given.has('dns-trusted'),
    private: given.has('private'),
    blockLists: given.all('dnsbl').map((zone) => domain('--dnsbl', zone)),
    egress: given.one('vantage-address', address),
    waitSeconds: given.one('wait', numberOf(1, 86_400)) ?? defaultOptions.waitSeconds,
    tlsCa: await given.one('tls-ca', certificates),
    failOn: given.one('fail-on', oneOf(severities)) ?? defaultOptions.failOn,
    restraint: readRestraint(given),
  };
}

function readFamily(given: CommandLine): ScanOptions['family'] {
  if (given.has('ipv4') && given.has('ipv6'))
    throw new UsageError('--ipv4 and --ipv6 exclude each other: leave both out to scan both');
  return given.has('ipv4') ? 4 : given.has('ipv6') ? 6 : null;
}

function readProbes(given: CommandLine, known: readonly string[]): Pick<ScanOptions, 'probes' | 'skip'> {
  const probes = idsOf('--probe', given.all('probe'), known);
  const skip = idsOf('--skip', given.all('skip'), known);
  const asked = (probes.length > 0 ? probes : known).filter((id) => !skip.includes(id));
  if (asked.length === 0 && known.length > 0) throw new UsageError('--skip leaves no probe to run: skip fewer');
  return { probes, skip };
}

/**
 * A server may be slow at each step of a dialogue; the whole of it gets at least ten times the patience of one reply.
 */
function readRestraint(given: CommandLine): Restraint {
  const seconds = given.one('timeout', numberOf(0.1, 600));
  const minutes = given.one('max-minutes', numberOf(0.1, 1440));
  return {
    ...usual,
    replySeconds: seconds ?? usual.replySeconds,
    handshakeSeconds: seconds ?? usual.handshakeSeconds,
    dialogueSeconds: Math.max(usual.dialogueSeconds, (seconds ?? 0) * 10),
    addressesAtOnce: given.one('concurrency', wholeNumberOf(1, 1000)) ?? usual.addressesAtOnce,
    patienceSeconds: given.one('patience', numberOf(0, 86_400)) ?? usual.patienceSeconds,
    maxEvents: given.one('max-events', wholeNumberOf(1, 100_000)) ?? usual.maxEvents,
    loadSeconds: minutes === null ? usual.loadSeconds : minutes * 60,
    addressSeconds: minutes === null ? usual.addressSeconds : minutes * 60,
  };
}

/** The text of a PEM bundle in which every certificate can be read. */
async function certificates(option: string, file: string): Promise<string> {
  const pem = await readOptionFile(option, file);
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0)
    throw new UsageError(`${option}: "${file}" has no PEM certificate in it (-----BEGIN CERTIFICATE-----)`);
  for (const [index, block] of blocks.entries()) {
    try {
      new X509Certificate(block);
    } catch {
      throw new UsageError(`${option}: certificate ${index + 1} in "${file}" cannot be read: take it out or mend it`);
    }
  }
  return pem;
}
