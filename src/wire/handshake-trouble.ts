import { type BrokenHandshake, type Cause, type Trouble, trouble } from '../model/trouble.ts';
import { scanEnded } from './trouble-error.ts';

/**
 * What a handshake that broke says; `seconds`: how long it was waited for; `isNamed`: whether a host name was sent
 * (SNI).
 */
export function brokenHandshake(code: string, heard: number, seconds: number, isNamed = true): Trouble {
  const alert = alertOf(code);
  const handshake: BrokenHandshake = { code, heard, ...(alert === null ? {} : { alert }), named: isNamed };
  const cause = causeOf(handshake);
  if (cause === 'stopped') return trouble('budget-spent', cause, scanEnded, [], { handshake });
  if (cause === 'silence')
    return trouble('timeout', cause, `no TLS handshake within ${seconds} s`, [], {
      handshake: { ...handshake, waited: seconds },
    });
  const said = `TLS handshake failed${heard === 0 ? ' before the server had said anything' : ''}: ${code}`;
  const nameless =
    alert !== null && !isNamed
      ? '; no host name was sent (SNI), as the target is an address: give the name instead'
      : '';
  return trouble('tls-failed', cause, `${words[cause] ?? said}${nameless}`, [], { handshake });
}

/** The end of a connection inside TLS: an alert that came after the handshake, or a connection that was lost. */
export function lostConnection(code: string): Trouble {
  const alert = alertOf(code);
  if (alert === null) return trouble('closed', 'reset', `connection lost: ${code}`);
  const cause = causeOfAlert[alert] ?? 'tls-alert';
  const handshake = { code, heard: 0, alert };
  return trouble('tls-failed', cause, words[cause] ?? `the server ended TLS with an alert: ${code}`, [], { handshake });
}

const hungUp = 'the server closed the connection during the TLS handshake';

const words: Readonly<Partial<Record<Cause, string>>> = {
  'hang-up': hungUp,
  reset: hungUp,
  'clear-text': 'TLS handshake failed: the server speaks in clear where TLS was expected',
  'certificate-wanted': 'the server wants a client certificate, and there is none to show',
  'name-wanted': 'TLS handshake failed: the server knows no certificate for the name that was asked for',
};

function causeOf({ code, heard, alert }: BrokenHandshake): Cause {
  const known = causeOfCode[code];
  if (known !== undefined) return known;
  if (heard === 0) return 'tls-here';
  if (alert !== undefined) return causeOfAlert[alert] ?? (isLate(alert, heard) ? 'certificate-wanted' : 'tls-alert');
  // OpenSSL's words for a first record that is none.
  if (/_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST)$/.test(code)) return 'clear-text';
  // And for a message that breaks the protocol. All else is what the library here can't, or won't, do.
  return /_(UNEXPECTED_MESSAGE|DECRYPTION_FAILED\w{0,60}|BAD_[A-Z_]{1,60})$/.test(code) ? 'tls-broken' : 'tls-here';
}

const causeOfCode: Readonly<Record<string, Cause>> = {
  stopped: 'stopped',
  timeout: 'silence',
  closed: 'hang-up',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
};

const causeOfAlert: Readonly<Record<string, Cause>> = {
  certificate_required: 'certificate-wanted',
  unrecognized_name: 'name-wanted',
};

/** Octets of an alert in clear, all by itself. */
const alertOctets = 7;

/**
 * Until TLS 1.2 no alert says that a certificate of ours is missing. A server that has chosen version and cipher, which
 * takes far more octets than an alert, and then calls the handshake failed, has missed it (RFC 5246 §7.4.6).
 */
const isLate = (alert: string, heard: number): boolean =>
  heard > alertOctets && ['handshake_failure', 'bad_certificate', 'no_certificate'].includes(alert);

/** The alert (RFC 8446 §6.2) that OpenSSL's code names, such as `protocol_version`; null where it names none. */
function alertOf(code: string): string | null {
  const name = /^ERR_SSL_(?:SSLV3|TLSV1|TLSV13)_(?:ALERT_)?([A-Z_]+)$/.exec(code)?.[1]?.toLowerCase();
  return name ?? null;
}
