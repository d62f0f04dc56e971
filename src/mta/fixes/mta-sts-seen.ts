import { hostNameOf } from '../../model/host-name.ts';
import type { Measured } from '../../model/judgement.ts';
import { dnsFix, type Fixes } from '../../model/mtas.ts';

const stand = 'mx.example.com';

/** A policy for all MX hosts that there are; lines for an MTA only where a host does not meet it, in its name. */
export function stsFixesFor(fixes: Fixes, { hosts = [], failing = [] }: Measured): Fixes {
  const { [dnsFix]: forZone = [], ...forMta } = fixes;
  const named = namesOf(hosts).map((host) => `mx: ${host}`);
  const policy = forZone.flatMap((line) => (line === `mx: ${stand}` && named.length > 0 ? named : [line]));
  const [host] = namesOf(failing);
  const atHost = host === undefined ? [] : Object.entries(forMta);
  return {
    [dnsFix]: policy,
    ...Object.fromEntries(
      atHost.map(([mta, lines]) => [mta, lines.map((line) => line.replaceAll(stand, host ?? stand))]),
    ),
  };
}

/** Those that are plain host names: lines are pasted. */
const namesOf = (measured: Measured[string]): string[] =>
  Array.isArray(measured) ? measured.filter((name) => hostNameOf(name).kind === 'name') : [];
