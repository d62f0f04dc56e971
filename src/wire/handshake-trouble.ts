import { type BrokenHandshake, type Cause, type Trouble, trouble } from '../model/trouble.ts';
import { scanEnded } from './trouble-error.ts';

/** What a handshake that broke says; `seconds`: how long it was waited for. */
export function brokenHandshake(code: string, heard: number, seconds: number): Trouble {
  const alert = alertOf(code);
  const handshake: BrokenHandshake = { code, heard, ...(alert === null ? {} : { alert }) };
  const cause = causeOf(handshake);
  if (cause === 'stopped') return trouble('budget-spent', cause, scanEnded, [], { handshake });
  if (cause === 'silence') return trouble('timeout', cause, `no TLS handshake within ${seconds} s`, [], { handshake });
  const because =
    cause === 'hang-up' || cause === 'reset'
      ? 'the server closed the connection during the TLS handshake'
      : `TLS handshake failed${heard === 0 ? ' before the server had said anything' : ''}: ${code}`;
  return trouble('tls-failed', cause, because, [], { handshake });
}

function causeOf({ code, heard, alert }: BrokenHandshake): Cause {
  const known = causeOfCode[code];
  if (known !== undefined) return known;
  if (heard === 0) return 'tls-here';
  if (alert !== undefined) return causeOfAlert[alert] ?? 'tls-alert';
  // OpenSSL's words for a first record that is none.
  if (/_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST)$/.test(code)) return 'clear-text';
  // And for a message that breaks the protocol. All else is what the library here can't, or won't, do.
  return /_(UNEXPECTED_MESSAGE|DECRYPTION_FAILED\w*|BAD_[A-Z_]+)$/.test(code) ? 'tls-broken' : 'tls-here';
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

/** The alert (RFC 8446 §6.2) that OpenSSL's code names, such as `protocol_version`; null where it names none. */
function alertOf(code: string): string | null {
  const name = /^ERR_SSL_(?:SSLV3|TLSV1|TLSV13)_(?:ALERT_)?([A-Z_]+)$/.exec(code)?.[1]?.toLowerCase();
  return name ?? null;
}
