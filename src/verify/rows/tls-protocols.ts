import { inWords } from '../../model/in-words.ts';
import { demandsTls } from '../auth.ts';
import { allowedProtocols } from '../protocol-list.ts';
import { confirmed, contradicted, defineRow, notTold, notVisible, type Outcome, type RowContext } from '../row.ts';
import { listIn, toldIn, untold } from '../untold.ts';

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
      return compareVersions(value, context);
    },
  });

function compareVersions(value: string, { shown }: RowContext): Outcome {
  const told = toldIn(shown, 'tls-version');
  if (told === null) return untold(shown, 'tls-version');
  const allowed = allowedProtocols(value);
  if (allowed === null) return notTold(`"${value}" is no list of protocols`);
  const { members: accepted, isWhole } = listIn(told, 'accepted');
  const { members: refused } = listIn(told, 'refused');
  const { evidence } = told;
  const isAllowed = (name: string) => allowed.some((protocol) => protocol === name);
  const seen = `${inWords(accepted)} accepted${refused.length > 0 ? `, ${inWords(refused)} refused` : ''}`;
  const barred = accepted.filter((name) => !isAllowed(name));
  if (barred.length > 0) return contradicted(seen, `${inWords(barred)} should be refused`, evidence);
  const missing = refused.filter(isAllowed);
  const modern = missing.filter((name) => name === 'TLSv1.2' || name === 'TLSv1.3');
  if (modern.length > 0) return contradicted(seen, `${inWords(modern)} should be accepted`, evidence);
  if (!isWhole || accepted.length === 0) return notTold('not every version could be told', seen, evidence);
  const note =
    missing.length === 0 ? '' : `; ${inWords(missing)} would be allowed, and its TLS library or openssl.cnf forbids it`;
  return confirmed(seen, `no version is spoken that the file forbids${note}`, evidence);
}

/** Versions of TLS: one parameter where it is a choice, another where it is demanded. */
export const tlsProtocols = [protocols('smtpd_tls_protocols'), protocols('smtpd_tls_mandatory_protocols')];

function demandsTlsHere({ service, shown }: RowContext): boolean {
  return shown.endpoint.tls === 'implicit' || demandsTls(service.setting('smtpd_tls_security_level').value ?? '');
}
