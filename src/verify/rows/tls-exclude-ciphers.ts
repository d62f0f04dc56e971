import { inWords } from '../../model/in-words.ts';
import { listOf } from '../../postfix/values.ts';
import { confirmed, contradicted, defineRow, notTold, notVisible, quoted } from '../row.ts';
import { listIn, toldIn, untold } from '../untold.ts';

/** Kinds of suites as `tls-ciphers` tells them, by what OpenSSL calls all of a kind, in small letters. */
const kindsCalled: Readonly<Record<string, string>> = {
  anull: 'anonymous',
  enull: 'null',
  null: 'null',
  export: 'export',
  exp: 'export',
  des: 'des',
  '3des': '3des',
  rc4: 'rc4',
  krsa: 'static-rsa',
  rsa: 'static-rsa',
};

/** Suites that are refused whatever the grade (postconf(5)); a ClientHello of ours asks for those that are weak. */
export const tlsExcludeCiphers = defineRow({
  directive: 'smtpd_tls_exclude_ciphers',
  probes: ['tls-ciphers'],

  compare(value, { shown }) {
    const kinds = [...new Set(listOf(value.replaceAll(':', ' ')).map((name) => kindsCalled[name.toLowerCase()]))];
    const excluded = kinds.filter((kind) => kind !== undefined);
    if (excluded.length === 0) return notVisible('it excludes nothing that is asked for');
    const told = toldIn(shown, 'tls-ciphers');
    const evidence = quoted(told?.evidence ?? []);
    if (told === null || evidence === null) return untold(shown, 'tls-ciphers');
    const { members: taken } = listIn(told, 'taken');
    const { members: refused } = listIn(told, 'refused');
    const seen = `${inWords(taken, 'nothing weak')} taken, ${inWords(refused, 'nothing')} refused`;
    const against = excluded.filter((kind) => taken.includes(kind));
    if (against.length > 0) return contradicted(seen, `${inWords(against)} should be refused`, evidence);
    return excluded.every((kind) => refused.includes(kind))
      ? confirmed(seen, 'nothing is taken that the file excludes', evidence)
      : notTold('not every kind could be told', seen, evidence);
  },
});
