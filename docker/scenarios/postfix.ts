import type { Doubt } from '../../src/model/trouble.ts';
import type { Scenario } from './scenario.ts';

type Given = Pick<Scenario, 'id' | 'sentence'> & Partial<Omit<Scenario, 'image'>>;

/** Postfix scanned as an MX on port 25, hardened and as expected except for what is given. */
export function postfix(given: Given): Scenario {
  return { image: 'postfix-dovecot', service: 'smtp', role: 'mx', config: {}, expect: {}, ...given };
}

/** A service of master.cf whose processes run a command; see `images/postfix-dovecot/policy` for the one used here. */
export const spawned = (name: string, command: string): string =>
  `${name} unix - n n - 0 spawn user=nobody argv=${command}`;

/** What every probe of an MX says when the greeting is where it ends. */
export const nothingFor = (doubt: Doubt): Scenario['expect'] => ({
  ...noneOf(allOfAnMx, doubt),
  // Who is turned away has been answered: the port is open.
  ...(doubt === 'client-blocked' || doubt === 'sender-rejected' ? { reachable: 'pass' } : {}),
});

/** None of these probes can tell. */
export const noneOf = (probes: readonly string[], doubt: Doubt): Scenario['expect'] =>
  Object.fromEntries(probes.map((probe) => [probe, `inconclusive(${doubt})` as const]));

const allOfAnMx = [
  'hello',
  'reachable',
  'starttls-offer',
  'starttls-works',
  'open-relay',
  'own-domain-spoof',
  'vrfy',
  'expn',
  'rcpt-oracle',
  'postmaster',
  'backscatter',
  'auth-before-tls',
  'auth-after-tls',
  'auth-anonymous',
  'auth-weak',
  'auth-on-mx',
  'auth-state',
  'tls-version',
  'tls-ciphers',
  'tls-certificate',
  'starttls-trailing',
  'message-size',
  'queue-space',
];

/** Dovecot's IMAP in front of the Maildirs that Postfix delivers to, with a certificate for the container's address. */
export const imap: Scenario['config'] = {
  'file:/etc/dovecot/local.conf': `protocols = imap
ssl = yes
ssl_cert = </lab/tls/inbox.pem
ssl_key = </lab/tls/key.pem
mail_location = maildir:~/Maildir`,
  'run:a certificate for the address': `cd /lab/tls
openssl req -new -key key.pem -out inbox.csr -subj /CN=inbox
printf 'subjectAltName = IP:%s\\n' "$(hostname -i)" >inbox.ext
openssl x509 -req -in inbox.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile inbox.ext -out inbox.pem`,
};
