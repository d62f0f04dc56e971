import type { Fixes } from '../model/mtas.ts';
import { authFixes } from './fixes/auth.ts';
import { deedFixes } from './fixes/deeds.ts';
import { enumerationFixes } from './fixes/enumeration.ts';
import { hygieneFixes } from './fixes/hygiene.ts';
import { limitFixes } from './fixes/limits.ts';
import { namesFixes } from './fixes/names.ts';
import { relayFixes } from './fixes/relay.ts';
import { sessionLimitFixes } from './fixes/session-limits.ts';
import { smtpServerFixes } from './fixes/smtp-server.ts';
import { tlsFixes } from './fixes/tls.ts';

/** What to do about a fail of a probe; nothing for an MTA that cannot have the flaw, or has no setting for it. */
export function fixesFor(probe: string): Fixes {
  return Object.fromEntries(groups.flatMap((group) => Object.entries(group[probe] ?? {})));
}

/** By theme, or for one MTA alone. */
const groups: readonly Readonly<Record<string, Fixes>>[] = [
  relayFixes,
  enumerationFixes,
  authFixes,
  tlsFixes,
  deedFixes,
  hygieneFixes,
  limitFixes,
  sessionLimitFixes,
  smtpServerFixes,
  namesFixes,
];
