import type { CertificateFacts, TlsFacts } from '../../../../src/model/tls.ts';

/** A certificate as a public authority gives it. */
export function certificate(parts: Partial<CertificateFacts> = {}): CertificateFacts {
  return {
    subject: 'CN=mx.example.test',
    issuer: 'CN=Intermediate',
    altNames: ['DNS:mx.example.test'],
    validFrom: '2025-01-01T00:00:00.000Z',
    validTo: '2025-04-01T00:00:00.000Z',
    serial: '01',
    sha256: 'AA',
    keyType: 'ec',
    bits: 256,
    signature: 'RSA with SHA-256',
    selfSigned: false,
    ca: false,
    ...parts,
  };
}

export const intermediate = certificate({
  subject: 'CN=Intermediate',
  issuer: 'CN=Root',
  altNames: [],
  ca: true,
  validTo: '2030-01-01T00:00:00.000Z',
});

/** A handshake that leaves nothing to wish for, seen on 1 February 2025. */
export function tlsFacts(parts: Partial<TlsFacts> = {}): TlsFacts {
  return {
    protocol: 'TLSv1.3',
    cipher: 'TLS_AES_256_GCM_SHA384',
    trusted: true,
    distrust: null,
    chain: [certificate(), intermediate],
    seconds: 0.1,
    seenAt: '2025-02-01T00:00:00.000Z',
    at: { session: 's1', event: 7, quote: 'TLS established: TLSv1.3' },
    ...parts,
  };
}
