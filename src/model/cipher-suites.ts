/**
 * What is wrong with a cipher suite, worst first. Each suite of the table below is told by the worst that it has;
 * `anonymous` ones by that alone, whatever else is wrong with them.
 */
export const suiteFaults = ['null', 'export', 'anonymous', 'des', 'rc4', '3des', 'static-rsa'] as const;
export type SuiteFault = (typeof suiteFaults)[number];

/**
 * Suites by what is wrong with them, with their numbers and names at IANA (RFC 2246, 3268, 4132, 4162, 4492, 5246,
 * 5288, 5289, 5932, 6209, 6367, 6655; the `EXPORT1024` ones were never standardised). Suites for keys that are shared
 * beforehand are not for mail.
 *
 * - `null`: nothing is encrypted. `export`: 40 or 56 bits. `anonymous`: no certificate, so nobody knows who answers.
 * - `des`: 56 bits. `rc4`: RFC 7465 forbids it. `3des`: blocks of 64 bits (RFC 9325 §4.1).
 * - `static-rsa`: whoever gets the key later reads what was recorded before (RFC 9325 §4.1).
 */
const faulty: Readonly<Record<SuiteFault, ReadonlyMap<number, string>>> = {
  null: new Map([
    [0x0001, 'TLS_RSA_WITH_NULL_MD5'],
    [0x0002, 'TLS_RSA_WITH_NULL_SHA'],
    [0x003b, 'TLS_RSA_WITH_NULL_SHA256'],
    [0xc001, 'TLS_ECDH_ECDSA_WITH_NULL_SHA'],
    [0xc006, 'TLS_ECDHE_ECDSA_WITH_NULL_SHA'],
    [0xc00b, 'TLS_ECDH_RSA_WITH_NULL_SHA'],
    [0xc010, 'TLS_ECDHE_RSA_WITH_NULL_SHA'],
  ]),
  export: new Map([
    [0x0003, 'TLS_RSA_EXPORT_WITH_RC4_40_MD5'],
    [0x0006, 'TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5'],
    [0x0008, 'TLS_RSA_EXPORT_WITH_DES40_CBC_SHA'],
    [0x000b, 'TLS_DH_DSS_EXPORT_WITH_DES40_CBC_SHA'],
    [0x000e, 'TLS_DH_RSA_EXPORT_WITH_DES40_CBC_SHA'],
    [0x0011, 'TLS_DHE_DSS_EXPORT_WITH_DES40_CBC_SHA'],
    [0x0014, 'TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA'],
    [0x0060, 'TLS_RSA_EXPORT1024_WITH_RC4_56_MD5'],
    [0x0061, 'TLS_RSA_EXPORT1024_WITH_RC2_CBC_56_MD5'],
    [0x0062, 'TLS_RSA_EXPORT1024_WITH_DES_CBC_SHA'],
    [0x0063, 'TLS_DHE_DSS_EXPORT1024_WITH_DES_CBC_SHA'],
    [0x0064, 'TLS_RSA_EXPORT1024_WITH_RC4_56_SHA'],
    [0x0065, 'TLS_DHE_DSS_EXPORT1024_WITH_RC4_56_SHA'],
  ]),
  anonymous: new Map([
    [0x0017, 'TLS_DH_anon_EXPORT_WITH_RC4_40_MD5'],
    [0x0019, 'TLS_DH_anon_EXPORT_WITH_DES40_CBC_SHA'],
    [0x0018, 'TLS_DH_anon_WITH_RC4_128_MD5'],
    [0x001a, 'TLS_DH_anon_WITH_DES_CBC_SHA'],
    [0x001b, 'TLS_DH_anon_WITH_3DES_EDE_CBC_SHA'],
    [0x0034, 'TLS_DH_anon_WITH_AES_128_CBC_SHA'],
    [0x003a, 'TLS_DH_anon_WITH_AES_256_CBC_SHA'],
    [0x0046, 'TLS_DH_anon_WITH_CAMELLIA_128_CBC_SHA'],
    [0x006c, 'TLS_DH_anon_WITH_AES_128_CBC_SHA256'],
    [0x006d, 'TLS_DH_anon_WITH_AES_256_CBC_SHA256'],
    [0x0089, 'TLS_DH_anon_WITH_CAMELLIA_256_CBC_SHA'],
    [0x009b, 'TLS_DH_anon_WITH_SEED_CBC_SHA'],
    [0x00a6, 'TLS_DH_anon_WITH_AES_128_GCM_SHA256'],
    [0x00a7, 'TLS_DH_anon_WITH_AES_256_GCM_SHA384'],
    [0x00bf, 'TLS_DH_anon_WITH_CAMELLIA_128_CBC_SHA256'],
    [0x00c5, 'TLS_DH_anon_WITH_CAMELLIA_256_CBC_SHA256'],
    [0xc015, 'TLS_ECDH_anon_WITH_NULL_SHA'],
    [0xc016, 'TLS_ECDH_anon_WITH_RC4_128_SHA'],
    [0xc017, 'TLS_ECDH_anon_WITH_3DES_EDE_CBC_SHA'],
    [0xc018, 'TLS_ECDH_anon_WITH_AES_128_CBC_SHA'],
    [0xc019, 'TLS_ECDH_anon_WITH_AES_256_CBC_SHA'],
  ]),
  des: new Map([
    [0x0009, 'TLS_RSA_WITH_DES_CBC_SHA'],
    [0x000c, 'TLS_DH_DSS_WITH_DES_CBC_SHA'],
    [0x000f, 'TLS_DH_RSA_WITH_DES_CBC_SHA'],
    [0x0012, 'TLS_DHE_DSS_WITH_DES_CBC_SHA'],
    [0x0015, 'TLS_DHE_RSA_WITH_DES_CBC_SHA'],
  ]),
  rc4: new Map([
    [0x0004, 'TLS_RSA_WITH_RC4_128_MD5'],
    [0x0005, 'TLS_RSA_WITH_RC4_128_SHA'],
    [0x0066, 'TLS_DHE_DSS_WITH_RC4_128_SHA'],
    [0xc002, 'TLS_ECDH_ECDSA_WITH_RC4_128_SHA'],
    [0xc007, 'TLS_ECDHE_ECDSA_WITH_RC4_128_SHA'],
    [0xc00c, 'TLS_ECDH_RSA_WITH_RC4_128_SHA'],
    [0xc011, 'TLS_ECDHE_RSA_WITH_RC4_128_SHA'],
  ]),
  '3des': new Map([
    [0x000a, 'TLS_RSA_WITH_3DES_EDE_CBC_SHA'],
    [0x000d, 'TLS_DH_DSS_WITH_3DES_EDE_CBC_SHA'],
    [0x0010, 'TLS_DH_RSA_WITH_3DES_EDE_CBC_SHA'],
    [0x0013, 'TLS_DHE_DSS_WITH_3DES_EDE_CBC_SHA'],
    [0x0016, 'TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA'],
    [0xc003, 'TLS_ECDH_ECDSA_WITH_3DES_EDE_CBC_SHA'],
    [0xc008, 'TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA'],
    [0xc00d, 'TLS_ECDH_RSA_WITH_3DES_EDE_CBC_SHA'],
    [0xc012, 'TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA'],
  ]),
  'static-rsa': new Map([
    [0x002f, 'TLS_RSA_WITH_AES_128_CBC_SHA'],
    [0x0035, 'TLS_RSA_WITH_AES_256_CBC_SHA'],
    [0x003c, 'TLS_RSA_WITH_AES_128_CBC_SHA256'],
    [0x003d, 'TLS_RSA_WITH_AES_256_CBC_SHA256'],
    [0x0041, 'TLS_RSA_WITH_CAMELLIA_128_CBC_SHA'],
    [0x0084, 'TLS_RSA_WITH_CAMELLIA_256_CBC_SHA'],
    [0x0096, 'TLS_RSA_WITH_SEED_CBC_SHA'],
    [0x009c, 'TLS_RSA_WITH_AES_128_GCM_SHA256'],
    [0x009d, 'TLS_RSA_WITH_AES_256_GCM_SHA384'],
    [0x00ba, 'TLS_RSA_WITH_CAMELLIA_128_CBC_SHA256'],
    [0x00c0, 'TLS_RSA_WITH_CAMELLIA_256_CBC_SHA256'],
    [0xc03c, 'TLS_RSA_WITH_ARIA_128_CBC_SHA256'],
    [0xc03d, 'TLS_RSA_WITH_ARIA_256_CBC_SHA384'],
    [0xc050, 'TLS_RSA_WITH_ARIA_128_GCM_SHA256'],
    [0xc051, 'TLS_RSA_WITH_ARIA_256_GCM_SHA384'],
    [0xc07a, 'TLS_RSA_WITH_CAMELLIA_128_GCM_SHA256'],
    [0xc07b, 'TLS_RSA_WITH_CAMELLIA_256_GCM_SHA384'],
    [0xc09c, 'TLS_RSA_WITH_AES_128_CCM'],
    [0xc09d, 'TLS_RSA_WITH_AES_256_CCM'],
    [0xc0a0, 'TLS_RSA_WITH_AES_128_CCM_8'],
    [0xc0a1, 'TLS_RSA_WITH_AES_256_CCM_8'],
  ]),
};

/**
 * What clients of today offer up to TLS 1.2, in their order: a server that goes by it and has no parameters for DHE
 * (Dovecot without `ssl_dh`) chooses that where it comes first, and closes.
 */
const sound: ReadonlyMap<number, string> = new Map([
  [0xc02b, 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'],
  [0xc02f, 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'],
  [0xc02c, 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'],
  [0xc030, 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384'],
  [0xcca9, 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256'],
  [0xcca8, 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256'],
  [0x009e, 'TLS_DHE_RSA_WITH_AES_128_GCM_SHA256'],
  [0x009f, 'TLS_DHE_RSA_WITH_AES_256_GCM_SHA384'],
  [0xc009, 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA'],
  [0xc00a, 'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA'],
  [0xc013, 'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA'],
  [0xc014, 'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA'],
  [0xc023, 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256'],
  [0xc027, 'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256'],
  [0xc024, 'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384'],
  [0xc028, 'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384'],
  [0x0033, 'TLS_DHE_RSA_WITH_AES_128_CBC_SHA'],
  [0x0039, 'TLS_DHE_RSA_WITH_AES_256_CBC_SHA'],
  [0x0067, 'TLS_DHE_RSA_WITH_AES_128_CBC_SHA256'],
  [0x006b, 'TLS_DHE_RSA_WITH_AES_256_CBC_SHA256'],
  [0x0032, 'TLS_DHE_DSS_WITH_AES_128_CBC_SHA'],
  [0x0038, 'TLS_DHE_DSS_WITH_AES_256_CBC_SHA'],
]);

/** The suites that have this fault and no worse one. */
export const suitesWith = (fault: SuiteFault): readonly number[] => [...faulty[fault].keys()];

/** What clients of today offer up to TLS 1.2, and behind it whatever old ones did. */
export const allSuites: readonly number[] = [...sound.keys(), ...suiteFaults.toReversed().flatMap(suitesWith)];

/** The worst that is wrong with a suite; null where it is none of the table. */
export const faultOf = (suite: number): SuiteFault | null =>
  suiteFaults.find((fault) => faulty[fault].has(suite)) ?? null;

/** Name at IANA and number, such as `TLS_RSA_WITH_RC4_128_SHA (0x0005)`; the number alone where it has no name. */
export function suiteName(suite: number): string {
  const hex = `0x${suite.toString(16).padStart(4, '0').toUpperCase()}`;
  const fault = faultOf(suite);
  const name = (fault === null ? sound : faulty[fault]).get(suite);
  return name === undefined ? hex : `${name} (${hex})`;
}
