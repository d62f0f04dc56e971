const known = ['SSLv2', 'SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
type Protocol = (typeof known)[number];

/**
 * The versions that a list of protocols lets through (postconf(5), smtpd_tls_protocols): `>=TLSv1.2`, `<=TLSv1.2`,
 * `!TLSv1`, `TLSv1.2`. A list that names any without `!` lets no others through; an empty one lets all. Null where it
 * is no such list.
 */
export function allowedProtocols(value: string): Protocol[] | null {
  const named: Protocol[] = [];
  const barred: Protocol[] = [];
  let low = 0;
  let high = known.length - 1;
  for (const item of value.split(/[\s,:]+/).filter((word) => word !== '')) {
    const [, sign = '', name = ''] = /^(>=|<=|!)?(.*)$/.exec(item) ?? [];
    const at = known.findIndex((one) => one.toLowerCase() === name.toLowerCase());
    const protocol = known[at];
    if (protocol === undefined) return null;
    if (sign === '>=') low = Math.max(low, at);
    else if (sign === '<=') high = Math.min(high, at);
    else (sign === '!' ? barred : named).push(protocol);
  }
  return known.filter((protocol, index) => {
    const chosen = named.length === 0 || named.includes(protocol);
    return index >= low && index <= high && chosen && !barred.includes(protocol);
  });
}
