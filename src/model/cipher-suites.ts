/** What is wrong with a cipher suite, worst first. Each suite of the table below is told by the worst that it has. */
export const suiteFaults = ['null', 'export', 'anonymous', 'des', 'rc4', '3des', 'static-rsa'] as const;
export type SuiteFault = (typeof suiteFaults)[number];

/**
 * Suites by what is wrong with them, with their numbers and names at IANA (RFC 2246, 3268, 4132, 4162, 4492, 5246, 5288,
 * 5289, 5932, 6209, 6367, 6655; the `EXPORT1024` ones were never standardised). Suites for keys that are shared
 * beforehand are not for mail.
 *
 * - `null`: nothing is encrypted. `export`: 40 or 56 bits. `anonymous`: no certificate, so nobody knows who answers.
 * - `des`: 56 bits. `rc4`: RFC 7465 forbids it. `3des`: blocks of 64 bits (RFC 9325 §4.1), which IDEA has too.
 * - `static-rsa`: whoever gets the key later reads what was recorded before (RFC 9325 §4.1).
 */
const faulty: Readonly<Record<SuiteFault, Readonly<Record<number, string>>>> = {
  null: {
    1: 'TLS_RSA_WITH_NULL_MD5',
    2: 'TLS_RSA_WITH_NULL_SHA',
    59: 'TLS_RSA_WITH_NULL_SHA256',
    49153: 'TLS_ECDH_ECDSA_WITH_NULL_SHA',
    49158: 'TLS_ECDHE_ECDSA_WITH_NULL_SHA',
    49163: 'TLS_ECDH_RSA_WITH_NULL_SHA',
    49168: 'TLS_ECDHE_RSA_WITH_NULL_SHA',
    49173: 'TLS_ECDH_anon_WITH_NULL_SHA',
  },
  export: {
    3: 'TLS_RSA_EXPORT_WITH_RC4_40_MD5',
    6: 'TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5',
    8: 'TLS_RSA_EXPORT_WITH_DES40_CBC_SHA',
    11: 'TLS_DH_DSS_EXPORT_WITH_DES40_CBC_SHA',
    14: 'TLS_DH_RSA_EXPORT_WITH_DES40_CBC_SHA',
    17: 'TLS_DHE_DSS_EXPORT_WITH_DES40_CBC_SHA',
    20: 'TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA',
    23: 'TLS_DH_anon_EXPORT_WITH_RC4_40_MD5',
    25: 'TLS_DH_anon_EXPORT_WITH_DES40_CBC_SHA',
    96: 'TLS_RSA_EXPORT1024_WITH_RC4_56_MD5',
    97: 'TLS_RSA_EXPORT1024_WITH_RC2_CBC_56_MD5',
    98: 'TLS_RSA_EXPORT1024_WITH_DES_CBC_SHA',
    99: 'TLS_DHE_DSS_EXPORT1024_WITH_DES_CBC_SHA',
    100: 'TLS_RSA_EXPORT1024_WITH_RC4_56_SHA',
    101: 'TLS_DHE_DSS_EXPORT1024_WITH_RC4_56_SHA',
  },
  anonymous: {
    24: 'TLS_DH_anon_WITH_RC4_128_MD5',
    26: 'TLS_DH_anon_WITH_DES_CBC_SHA',
    27: 'TLS_DH_anon_WITH_3DES_EDE_CBC_SHA',
    52: 'TLS_DH_anon_WITH_AES_128_CBC_SHA',
    58: 'TLS_DH_anon_WITH_AES_256_CBC_SHA',
    70: 'TLS_DH_anon_WITH_CAMELLIA_128_CBC_SHA',
    108: 'TLS_DH_anon_WITH_AES_128_CBC_SHA256',
    109: 'TLS_DH_anon_WITH_AES_256_CBC_SHA256',
    137: 'TLS_DH_anon_WITH_CAMELLIA_256_CBC_SHA',
    155: 'TLS_DH_anon_WITH_SEED_CBC_SHA',
    166: 'TLS_DH_anon_WITH_AES_128_GCM_SHA256',
    167: 'TLS_DH_anon_WITH_AES_256_GCM_SHA384',
    191: 'TLS_DH_anon_WITH_CAMELLIA_128_CBC_SHA256',
    197: 'TLS_DH_anon_WITH_CAMELLIA_256_CBC_SHA256',
    49174: 'TLS_ECDH_anon_WITH_RC4_128_SHA',
    49175: 'TLS_ECDH_anon_WITH_3DES_EDE_CBC_SHA',
    49176: 'TLS_ECDH_anon_WITH_AES_128_CBC_SHA',
    49177: 'TLS_ECDH_anon_WITH_AES_256_CBC_SHA',
  },
  des: {
    9: 'TLS_RSA_WITH_DES_CBC_SHA',
    12: 'TLS_DH_DSS_WITH_DES_CBC_SHA',
    15: 'TLS_DH_RSA_WITH_DES_CBC_SHA',
    18: 'TLS_DHE_DSS_WITH_DES_CBC_SHA',
    21: 'TLS_DHE_RSA_WITH_DES_CBC_SHA',
  },
  rc4: {
    4: 'TLS_RSA_WITH_RC4_128_MD5',
    5: 'TLS_RSA_WITH_RC4_128_SHA',
    102: 'TLS_DHE_DSS_WITH_RC4_128_SHA',
    49154: 'TLS_ECDH_ECDSA_WITH_RC4_128_SHA',
    49159: 'TLS_ECDHE_ECDSA_WITH_RC4_128_SHA',
    49164: 'TLS_ECDH_RSA_WITH_RC4_128_SHA',
    49169: 'TLS_ECDHE_RSA_WITH_RC4_128_SHA',
  },
  '3des': {
    7: 'TLS_RSA_WITH_IDEA_CBC_SHA',
    10: 'TLS_RSA_WITH_3DES_EDE_CBC_SHA',
    13: 'TLS_DH_DSS_WITH_3DES_EDE_CBC_SHA',
    16: 'TLS_DH_RSA_WITH_3DES_EDE_CBC_SHA',
    19: 'TLS_DHE_DSS_WITH_3DES_EDE_CBC_SHA',
    22: 'TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA',
    49155: 'TLS_ECDH_ECDSA_WITH_3DES_EDE_CBC_SHA',
    49160: 'TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA',
    49165: 'TLS_ECDH_RSA_WITH_3DES_EDE_CBC_SHA',
    49170: 'TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA',
  },
  'static-rsa': {
    47: 'TLS_RSA_WITH_AES_128_CBC_SHA',
    53: 'TLS_RSA_WITH_AES_256_CBC_SHA',
    60: 'TLS_RSA_WITH_AES_128_CBC_SHA256',
    61: 'TLS_RSA_WITH_AES_256_CBC_SHA256',
    65: 'TLS_RSA_WITH_CAMELLIA_128_CBC_SHA',
    132: 'TLS_RSA_WITH_CAMELLIA_256_CBC_SHA',
    150: 'TLS_RSA_WITH_SEED_CBC_SHA',
    156: 'TLS_RSA_WITH_AES_128_GCM_SHA256',
    157: 'TLS_RSA_WITH_AES_256_GCM_SHA384',
    186: 'TLS_RSA_WITH_CAMELLIA_128_CBC_SHA256',
    192: 'TLS_RSA_WITH_CAMELLIA_256_CBC_SHA256',
    49212: 'TLS_RSA_WITH_ARIA_128_CBC_SHA256',
    49213: 'TLS_RSA_WITH_ARIA_256_CBC_SHA384',
    49232: 'TLS_RSA_WITH_ARIA_128_GCM_SHA256',
    49233: 'TLS_RSA_WITH_ARIA_256_GCM_SHA384',
    49274: 'TLS_RSA_WITH_CAMELLIA_128_GCM_SHA256',
    49275: 'TLS_RSA_WITH_CAMELLIA_256_GCM_SHA384',
    49308: 'TLS_RSA_WITH_AES_128_CCM',
    49309: 'TLS_RSA_WITH_AES_256_CCM',
    49312: 'TLS_RSA_WITH_AES_128_CCM_8',
    49313: 'TLS_RSA_WITH_AES_256_CCM_8',
  },
};

/** What clients of today offer up to TLS 1.2. */
const sound: Readonly<Record<number, string>> = {
  49195: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  49199: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  49196: 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
  49200: 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  52393: 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
  52392: 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
  158: 'TLS_DHE_RSA_WITH_AES_128_GCM_SHA256',
  159: 'TLS_DHE_RSA_WITH_AES_256_GCM_SHA384',
  49161: 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA',
  49162: 'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA',
  49171: 'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA',
  49172: 'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA',
  49187: 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256',
  49191: 'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256',
  49188: 'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384',
  49192: 'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384',
  51: 'TLS_DHE_RSA_WITH_AES_128_CBC_SHA',
  57: 'TLS_DHE_RSA_WITH_AES_256_CBC_SHA',
  103: 'TLS_DHE_RSA_WITH_AES_128_CBC_SHA256',
  107: 'TLS_DHE_RSA_WITH_AES_256_CBC_SHA256',
  50: 'TLS_DHE_DSS_WITH_AES_128_CBC_SHA',
  56: 'TLS_DHE_DSS_WITH_AES_256_CBC_SHA',
};

const numbersOf = (suites: Readonly<Record<number, string>>): readonly number[] => Object.keys(suites).map(Number);

/** The suites that have this fault and no worse one. */
export const suitesWith = (fault: SuiteFault): readonly number[] => numbersOf(faulty[fault]);

/** What clients of today offer up to TLS 1.2, and behind it whatever old ones did. */
export const allSuites: readonly number[] = [...numbersOf(sound), ...suiteFaults.toReversed().flatMap(suitesWith)];

/** The worst that is wrong with a suite; null where it is none of the table. */
export const faultOf = (suite: number): SuiteFault | null =>
  suiteFaults.find((fault) => Object.hasOwn(faulty[fault], suite)) ?? null;

/** Its name at IANA and its number, such as `TLS_RSA_WITH_RC4_128_SHA (0x0005)`; the number alone where it has none here. */
export function suiteName(suite: number): string {
  const hex = `0x${suite.toString(16).padStart(4, '0').toUpperCase()}`;
  const fault = faultOf(suite);
  const name = fault === null ? sound[suite] : faulty[fault][suite];
  return name === undefined ? hex : `${name} (${hex})`;
}
