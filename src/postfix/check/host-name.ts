import { type Fault, fatal, quoted } from '../problem.ts';

/**
 * Why no program of Postfix starts with a value of `myhostname` or `mydomain`; null where it does. It may be empty
 * where that is said elsewhere.
 */
export function hostNameFault(name: string): Fault | null {
  const isName = name === '' || (labels.test(name) && name.length <= 255 && /[^\d.]/.test(name));
  return isName ? null : fatal(`${quoted(name)} is no name of a host: Postfix would not start`);
}

/** valid_hostname(3): letters, digits, underscores, and hyphens within; no dot at either end. */
const labels = /^\w(?:[\w-]{0,61}\w)?(?:\.\w(?:[\w-]{0,61}\w)?)*$/;
