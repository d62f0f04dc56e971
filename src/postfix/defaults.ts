import { addressesDefaults } from './defaults/addresses.ts';
import { generalDefaults } from './defaults/general.ts';
import { miltersDefaults } from './defaults/milters.ts';
import { postscreenDefaults } from './defaults/postscreen.ts';
import { repliesDefaults } from './defaults/replies.ts';
import { saslDefaults } from './defaults/sasl.ts';
import { smtpdDefaults } from './defaults/smtpd.ts';
import type { Default, DefaultTable } from './defaults/table.ts';
import { tlsDefaults } from './defaults/tls.ts';
import { isIn, type Version } from './version.ts';

const table: ReadonlyMap<string, DefaultTable[string]> = new Map(
  [
    smtpdDefaults,
    tlsDefaults,
    saslDefaults,
    postscreenDefaults,
    addressesDefaults,
    repliesDefaults,
    miltersDefaults,
    generalDefaults,
  ].flatMap((one) => Object.entries(one)),
);

/** The parameters with a default that is known, be it that it depends on the host. */
export const parametersWithDefaults: readonly string[] = [...table.keys()].sort();

/** The default of a parameter, unexpanded; undefined where this version does not have it or nothing is known of it. */
export function defaultOf(parameter: string, version: Version): Default | undefined {
  const entry = table.get(parameter);
  if (entry === undefined || entry === null || typeof entry === 'string') return entry;
  const inForce = (since: string) => since.split(' ').some((one) => isIn(one, version));
  return entry.findLast(([since]) => inForce(since))?.[1];
}

/** Whether some version of Postfix that we know has this parameter. */
export const hasDefault = (parameter: string): boolean => table.has(parameter);
