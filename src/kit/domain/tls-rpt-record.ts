import { listed, tagsOf } from './tags.ts';

/** Whether senders take this TXT record for a policy of TLS reports; the version is to the letter (RFC 8460 §3). */
export const isTlsRpt = (text: string): boolean => /^v=TLSRPTv1[ \t]*;/.test(text);

/** Meant for one, and read by nobody. */
export const isNearlyTlsRpt = (text: string): boolean =>
  !isTlsRpt(text) && /^[^a-z0-9]*(v[^a-z0-9]*)?tls-?rpt|;\s*v\s*=\s*tls-?rpt/i.test(text);

/** Where a record that `isTlsRpt` has reports sent to; and what of it is in error, in words or in quotation marks. */
export interface TlsRptRecord {
  readonly reports: readonly string[];
  readonly bad: readonly string[];
}

/** Reads a record by RFC 8460 §3: fields that nobody knows are passed over. Throws nothing. */
export function readTlsRpt(record: string): TlsRptRecord {
  const fields = tagsOf(record).slice(1);
  const [rua, again] = fields.filter(({ name }) => name === 'rua');
  const named = rua === undefined ? [] : listed(rua.value);
  return {
    reports: named.filter(isReportUri),
    bad: [
      ...(rua === undefined ? ['rua is missing'] : []),
      ...named.filter((uri) => !isReportUri(uri)).map((uri) => `"${uri}"`),
      ...fields.filter((field) => field.name === null || field === again).map(({ text }) => `"${text}"`),
    ],
  };
}

const isReportUri = (uri: string): boolean =>
  /^mailto:(?!\/\/)[\x22-\x2b\x2d-\x3f\x41-\x7e]+@[a-z0-9_-]+(\.[a-z0-9_-]+)*$/i.test(uri) ||
  (/^https:\/\/[a-z0-9.:[\]_-]+([/?#][\x21-\x7e]*)?$/i.test(uri) && URL.canParse(uri));
