import { confirmed, contradicted, defineRow, notTold, notVisible, quoted } from '../row.ts';
import { toldIn, untold } from '../untold.ts';
import { isOn } from '../values.ts';

/** The realm in DIGEST-MD5 challenges of Cyrus SASL; without one it is the name of the host. */
export const saslLocalDomain = defineRow({
  directive: 'smtpd_sasl_local_domain',
  probes: ['auth-weak'],
  applies: ({ service }) => isOn(service, 'smtpd_sasl_auth_enable'),

  compare(value, { shown, service }) {
    if (!/^cyrus$/i.test(service.setting('smtpd_sasl_type').value ?? ''))
      return notVisible('Dovecot has realms of its own (auth_realms)');
    const told = toldIn(shown, 'auth-weak');
    const realm = told?.measured.realm;
    const at = told?.evidence.filter(({ quote }) => quote.startsWith('334 ')) ?? [];
    const evidence = quoted(at);
    if (typeof realm !== 'string' || evidence === null) {
      if (told === null) return untold(shown, 'auth-weak');
      return notVisible('it shows in the challenge of DIGEST-MD5 only, which is not offered');
    }
    const name = service.setting('myhostname').value;
    const wanted = value.trim() === '' ? name : value.trim();
    if (wanted === null)
      return notTold('without it the realm is the name of the host, which is not known', realm, evidence);
    return realm.toLowerCase() === wanted.toLowerCase()
      ? confirmed(realm, 'the realm of the challenge', evidence)
      : contradicted(realm, `the challenge has another realm than ${wanted}`, evidence);
  },
});
