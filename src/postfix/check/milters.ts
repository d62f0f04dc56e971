import { broken, type Fault, quoted } from '../problem.ts';
import { listOf, unbraced } from '../values.ts';

/** What is wrong with a list of milters; null where nothing is. */
export function miltersFault(value: string): Fault | null {
  const strange = listOf(value).find((member) => !/^(inet|unix|local):./i.test(listOf(unbraced(member))[0] ?? ''));
  return strange === undefined
    ? null
    : broken(`${quoted(strange)} is no milter, inet:host:port or unix:path: smtpd refuses mail for now`);
}
