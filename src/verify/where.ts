import type { PostfixConfiguration, Setting } from '../postfix/configuration.ts';

/** Where a value comes from, in words: `main.cf:12`, `master.cf:19, overrides line 12 of main.cf`, `default of 3.7`. */
export function whereOf(
  { parameter, from, place }: Setting,
  { version, written }: Pick<PostfixConfiguration, 'version' | 'written'>,
): string {
  const overridden = from === 'master' ? written.get(parameter) : undefined;
  const also = overridden === undefined ? '' : `, overrides line ${overridden.line} of main.cf`;
  if (place !== null) return `${place.file}:${place.line}${also}`;
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
