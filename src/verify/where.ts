import type { Setting } from '../postfix/configuration.ts';

/** Where a value comes from, in words: `main.cf:12`, `default of 3.7`. */
export function whereOf({ from, place }: Setting, version: string | null): string {
  if (place !== null) return `${place.file}:${place.line}`;
  if (from === 'default') return version === null ? 'default' : `default of ${version}`;
  return 'not set';
}

/** Why a value is not known, and what would tell it. */
export function whyUnknown({ place }: Setting, version: string | null): string {
  if (place !== null) return 'it hangs on something that the file does not say';
  return version === null
    ? 'it is not set, and its default hangs on the host or on the version: postconf mail_version, or --postfix-version, tells'
    : 'it is not set, and its default hangs on the host';
}
