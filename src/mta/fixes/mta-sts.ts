import { hostNameOf } from '../../model/host-name.ts';
import type { Measured } from '../../model/judgement.ts';
import { dnsFix, type Fixes } from '../../model/mtas.ts';
import { tlsFixes } from './tls.ts';

const host = 'mx.example.com';
/** Lines that hang on what was seen. */
const mx = `mx: ${host}`;
const testing = 'mode: testing';
const enforceLater =
  '# "mode: enforce" when the TLS reports that _smtp._tls.example.com asks for have shown no failure for some weeks';

/** Record, policy, and what an MX host needs to meet it. */
export const stsFixes: Fixes = {
  [dnsFix]: [
    '# a new id, of letters and digits, whenever the policy changes',
    '_mta-sts.example.com. 3600 IN TXT "v=STSv1; id=20260101000000"',
    'mta-sts.example.com. 3600 IN A 192.0.2.25',
    '# https://mta-sts.example.com/.well-known/mta-sts.txt: as text/plain, with no redirect, and with a certificate of a',
    '# public authority for mta-sts.example.com; one line mx for each MX host, each with a certificate for its own name',
    'version: STSv1',
    testing,
    mx,
    'max_age: 604800',
    enforceLater,
  ],
  ...tlsFixes['tls-certificate'],
};

/**
 * A policy for all MX hosts that there are, to enforce where it does already and they meet it; lines for an MTA only
 * where a host does not, in its name.
 */
export function stsFixesFor(fixes: Fixes, { hosts = [], failing = [], mode = null }: Measured): Fixes {
  const { [dnsFix]: forZone = [], ...forMta } = fixes;
  const [atFault] = namesOf(failing);
  const named = namesOf(hosts).map((name) => `mx: ${name}`);
  const swaps: Readonly<Record<string, readonly string[]>> = {
    ...(named.length > 0 ? { [mx]: named } : {}),
    ...(mode === 'enforce' && atFault === undefined ? { [testing]: ['mode: enforce'], [enforceLater]: [] } : {}),
  };
  const atHost = atFault === undefined ? [] : Object.entries(forMta);
  return {
    [dnsFix]: forZone.flatMap((line) => swaps[line] ?? [line]),
    ...Object.fromEntries(
      atHost.map(([mta, lines]) => [mta, lines.map((line) => line.replaceAll(host, atFault ?? host))]),
    ),
  };
}

/** Those that are plain host names: lines are pasted. */
const namesOf = (measured: Measured[string]): string[] =>
  Array.isArray(measured) ? measured.filter((name) => hostNameOf(name).kind === 'name') : [];
