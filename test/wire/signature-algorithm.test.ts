import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { publicKeyInfo } from '../../src/wire/public-key-info.ts';
import { signatureAlgorithm } from '../../src/wire/signature-algorithm.ts';
import { certificatePem } from '../support/tls-mta.ts';

/** A DER element. */
const der = (tag: number, ...content: (number | readonly number[])[]): number[] => {
  const octets = content.flat();
  const length = octets.length < 0x80 ? [octets.length] : [0x81, octets.length];
  return [tag, ...length, ...octets];
};
const oid = (...octets: number[]) => der(0x06, octets);
/** Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signature }. */
const signedWith = (...identifier: number[][]) =>
  Uint8Array.from(der(0x30, der(0x30, 0x02, 0x01, 0x00), der(0x30, ...identifier), der(0x03, 0x00)));

const pss = oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a);
const sha384 = der(0x30, oid(0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02));

describe('the algorithm that a certificate is signed with', () => {
  test.each<[string, Uint8Array, string | null]>([
    ['MD5', signedWith(oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x04), [0x05, 0x00]), 'RSA with MD5'],
    ['PSS with a hash', signedWith(pss, der(0x30, der(0xa0, sha384))), 'RSA-PSS with SHA-384'],
    ['PSS without', signedWith(pss, der(0x30)), 'RSA-PSS with SHA-1'],
    ['PSS without parameters', signedWith(pss), 'RSA-PSS with SHA-1'],
    ['an OID that nobody knows', signedWith(oid(0x2a, 0x03, 0x81, 0x00)), '1.2.3.128'],
    ['nothing', Uint8Array.of(), null],
    ['a length beyond the end', Uint8Array.of(0x30, 0x84, 0xff, 0xff, 0xff, 0xff), null],
  ])('%s', (_, bytes, expected) => {
    expect(signatureAlgorithm(bytes)).toBe(expected);
  });

  test('a real one, and never an exception, whatever the bytes', () => {
    const { raw } = new X509Certificate(certificatePem('good'));
    expect(signatureAlgorithm(raw)).toBe('ECDSA with SHA-256');
    fc.assert(
      fc.property(fc.nat(raw.length - 1), fc.nat(255), fc.nat(raw.length), (at, octet, end) => {
        const damaged = Uint8Array.from(raw);
        damaged[at] = octet;
        signatureAlgorithm(damaged.subarray(0, end));
        publicKeyInfo(damaged.subarray(0, end));
      }),
    );
  });
});
