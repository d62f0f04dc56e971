import { demandsTls } from '../auth.ts';
import { confirmed, contradicted, defineRow, notTold, notVisible, quoted, type RowContext } from '../row.ts';
import { allowedProtocols, type Protocol } from '../tls-protocols.ts';
import { untold } from '../untold.ts';
import { inWords } from '../values.ts';

const protocols = (directive: 'smtpd_tls_protocols' | 'smtpd_tls_mandatory_protocols') =>
  defineRow({
    directive,
    probes: ['tls-version'],

    compare(value, context) {
      const mandatory = demandsTlsHere(context);
      if (mandatory !== (directive === 'smtpd_tls_mandatory_protocols'))
        return notVisible(
          mandatory
            ? 'TLS is demanded here, and smtpd_tls_mandatory_protocols count'
            : 'TLS is a choice here, and smtpd_tls_protocols count',
        );
      const finding = context.seen.finding('tls-version');
      const accepted = namesIn(finding?.measured?.accepted);
      const refused = namesIn(finding?.measured?.refused);
      const evidence = quoted(finding?.evidence ?? []);
      if (finding === null || evidence === null || accepted.length === 0)
        return untold('tls-version', finding) ?? notTold(finding?.because ?? '', null, finding?.evidence);
      const allowed = allowedProtocols(value);
      if (allowed === null) return notTold(`"${value}" is no list of protocols`);
      const seen = `${inWords(accepted)} accepted${refused.length > 0 ? `, ${inWords(refused)} refused` : ''}`;
      const barred = accepted.filter((name) => !allowed.includes(name as Protocol));
      if (barred.length > 0) return contradicted(seen, `${inWords(barred)} should be refused`, evidence);
      const missing = refused.filter((name) => allowed.includes(name as Protocol));
      const modern = missing.filter((name) => name === 'TLSv1.2' || name === 'TLSv1.3');
      if (modern.length > 0) return contradicted(seen, `${inWords(modern)} should be accepted`, evidence);
      const note =
        missing.length === 0
          ? ''
          : `; ${inWords(missing)} would be allowed, and its TLS library or openssl.cnf forbids it`;
      return confirmed(seen, `no version is spoken that the file forbids${note}`, evidence);
    },
  });

/** Versions of TLS: one parameter where it is a choice, another where it is demanded. */
export const tlsProtocols = [protocols('smtpd_tls_protocols'), protocols('smtpd_tls_mandatory_protocols')];

function demandsTlsHere({ service, seen }: RowContext): boolean {
  return seen.endpoint.tls === 'implicit' || demandsTls(service.setting('smtpd_tls_security_level').value ?? '');
}

const namesIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
