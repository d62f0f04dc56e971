import type { Fixes } from '../model/mtas.ts';
import { authFixes } from './fixes/auth.ts';
import { enumerationFixes } from './fixes/enumeration.ts';
import { limitFixes } from './fixes/limits.ts';
import { relayFixes } from './fixes/relay.ts';
import { sessionLimitFixes } from './fixes/session-limits.ts';
import { tlsFixes } from './fixes/tls.ts';

/** What to do about a fail of a probe; nothing for an MTA that cannot have the flaw, or has no setting for it. */
export function fixesFor(probe: string): Fixes {
  return all.get(probe) ?? {};
}

const all: ReadonlyMap<string, Fixes> = new Map(
  [relayFixes, enumerationFixes, authFixes, tlsFixes, limitFixes, sessionLimitFixes].flatMap((group) =>
    Object.entries(group),
  ),
);
