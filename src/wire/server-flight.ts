import { suiteName } from '../model/cipher-suites.ts';
import { helloVersions } from '../model/tls-answer.ts';

/** What a server says first in TLS, or that it says something else. */
export type ServerFlight =
  | { readonly kind: 'server-hello'; readonly version: string; readonly suite: number; readonly isWhole: boolean }
  | { readonly kind: 'alert'; readonly code: number; readonly alert: string }
  /** The first octets are no record of TLS. */
  | { readonly kind: 'clear-text' }
  /** Records of TLS that nobody may send here, or more of them than any server needs. */
  | { readonly kind: 'broken'; readonly because: string };

/** Octets of a first flight that are put up with: long chains of certificates have a tenth. */
export const flightLimit = 131_072;

/** RFC 5246 §6.2.3: a record has 2^14 octets, and 2048 more where it is encrypted. */
const recordLimit = 16_384 + 2048;

/**
 * Reads what a server says in answer to a ClientHello (RFC 5246 §6.2.1, §7.3), however it is cut into segments and
 * records. No socket and no clock.
 */
export class ServerFlightReader {
  #records: Buffer = Buffer.alloc(0);
  #messages: Buffer = Buffer.alloc(0);
  #heard = 0;
  #hello: { readonly version: string; readonly suite: number } | null = null;
  #warning: number | null = null;

  /** Octets so far. */
  get heard(): number {
    return this.#heard;
  }

  /** The next octets. What was said, as soon as that is told. */
  push(chunk: Uint8Array): ServerFlight | null {
    this.#heard += chunk.length;
    if (this.#heard > flightLimit) return this.#broken(`more than ${flightLimit} octets`);
    this.#records = Buffer.concat([this.#records, chunk]);
    return this.#readRecords();
  }

  /** What was said, where no more comes; null: nothing that could be read. */
  end(): ServerFlight | null {
    if (this.#hello !== null) return this.#chosen(false);
    return this.#warning === null ? null : alertOf(this.#warning);
  }

  #readRecords(): ServerFlight | null {
    while (this.#records.length > 0) {
      const problem = this.#problem();
      if (problem !== null) return problem;
      if (this.#records.length < 5) return null;
      const end = 5 + this.#records.readUInt16BE(3);
      if (this.#records.length < end) return null;
      const type = this.#records.readUInt8(0);
      const body = this.#records.subarray(5, end);
      this.#records = this.#records.subarray(end);
      const told = this.#readRecord(type, body);
      if (told !== null) return told;
    }
    return null;
  }

  /** What is wrong with the head of the next record, as far as it has come. */
  #problem(): ServerFlight | null {
    const [type = 0, major = 3] = this.#records;
    const isRecord = type >= 20 && type <= 23 && major === 3;
    const isFirst = this.#hello === null && this.#warning === null && this.#messages.length === 0;
    if (!isRecord) return isFirst ? { kind: 'clear-text' } : this.#broken('octets that are no record');
    if (this.#records.length < 5) return null;
    const length = this.#records.readUInt16BE(3);
    return length === 0 || length > recordLimit ? this.#broken(`a record of ${length} octets`) : null;
  }

  #readRecord(type: number, body: Buffer): ServerFlight | null {
    if (type === 22) {
      this.#messages = Buffer.concat([this.#messages, body]);
      return this.#readMessages();
    }
    if (type !== 21) return this.#broken(`a record of type ${type}`);
    const [level = 2, code = -1] = body;
    if (body.length !== 2) return this.#broken(`an alert of ${body.length} octets`);
    // A warning, of a name that is not known for one, stops nothing; close_notify does (RFC 5246 §7.2.1).
    if (level !== 1 || code === 0) return this.#hello === null ? alertOf(code) : this.#chosen(false);
    this.#warning = code;
    return null;
  }

  #readMessages(): ServerFlight | null {
    while (this.#messages.length >= 4) {
      const end = 4 + this.#messages.readUIntBE(1, 3);
      if (end > flightLimit) return this.#broken(`a message of ${end} octets`);
      if (this.#messages.length < end) return null;
      const type = this.#messages.readUInt8(0);
      const body = this.#messages.subarray(4, end);
      this.#messages = this.#messages.subarray(end);
      const told = this.#readMessage(type, body);
      if (told !== null) return told;
    }
    return null;
  }

  /** RFC 5246 §7.4: HelloRequest 0, ServerHello 2, ServerHelloDone 14. */
  #readMessage(type: number, body: Buffer): ServerFlight | null {
    if (this.#hello === null) {
      if (type === 0) return null;
      if (type !== 2) return this.#broken(`a message of type ${type}`);
      const suiteAt = 35 + (body[34] ?? 0);
      if (body.length < suiteAt + 3) return this.#broken(`a ServerHello of ${body.length} octets`);
      this.#hello = { version: versionName(body.readUInt16BE(0)), suite: body.readUInt16BE(suiteAt) };
      return null;
    }
    return type === 14 ? this.#chosen(true) : null;
  }

  /** Once a server has chosen, what it says behind that changes nothing of what it chose. */
  #broken(because: string): ServerFlight {
    return this.#hello === null ? { kind: 'broken', because } : this.#chosen(false);
  }

  #chosen(isWhole: boolean): ServerFlight {
    return { kind: 'server-hello', version: '', suite: 0, ...this.#hello, isWhole };
  }
}

/** One line for the transcript, such as `TLS alert: handshake_failure (40)`. */
export function describeFlight(flight: ServerFlight): string {
  if (flight.kind === 'alert') return `TLS alert: ${flight.alert} (${flight.code})`;
  if (flight.kind === 'clear-text') return 'no TLS in answer to a ClientHello';
  if (flight.kind === 'broken') return `no ServerHello in answer to a ClientHello, but ${flight.because}`;
  const { version, suite, isWhole } = flight;
  return `TLS ServerHello: ${version}, ${suiteName(suite)}${isWhole ? '' : ', and not the rest of its flight'}`;
}

const versionName = (version: number): string =>
  helloVersions[version - 0x0300] ?? (version === 0x0304 ? 'TLSv1.3' : `0x${version.toString(16).padStart(4, '0')}`);

const alertOf = (code: number): ServerFlight => ({ kind: 'alert', code, alert: alerts[code] ?? `alert_${code}` });

/** RFC 8446 §6, and those of earlier versions (RFC 6101 §5.4, RFC 5246 §7.2). */
const alerts: Readonly<Record<number, string>> = {
  0: 'close_notify',
  10: 'unexpected_message',
  20: 'bad_record_mac',
  21: 'decryption_failed',
  22: 'record_overflow',
  30: 'decompression_failure',
  40: 'handshake_failure',
  41: 'no_certificate',
  42: 'bad_certificate',
  43: 'unsupported_certificate',
  44: 'certificate_revoked',
  45: 'certificate_expired',
  46: 'certificate_unknown',
  47: 'illegal_parameter',
  48: 'unknown_ca',
  49: 'access_denied',
  50: 'decode_error',
  51: 'decrypt_error',
  60: 'export_restriction',
  70: 'protocol_version',
  71: 'insufficient_security',
  80: 'internal_error',
  86: 'inappropriate_fallback',
  90: 'user_canceled',
  100: 'no_renegotiation',
  109: 'missing_extension',
  110: 'unsupported_extension',
  111: 'certificate_unobtainable',
  112: 'unrecognized_name',
  113: 'bad_certificate_status_response',
  114: 'bad_certificate_hash_value',
  115: 'unknown_psk_identity',
  116: 'certificate_required',
  120: 'no_application_protocol',
};
