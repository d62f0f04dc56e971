import type { CertificateFacts, TlsFacts } from '../../model/tls.ts';
import { isAddress, isNamed, namesOf } from './names.ts';

/** What may be wrong with a certificate. */
export type FlawKind =
  | 'expired'
  | 'not-yet-valid'
  | 'expires-soon'
  | 'wrong-name'
  | 'self-signed'
  | 'untrusted'
  | 'incomplete-chain'
  | 'weak-key'
  | 'weak-signature';

export interface Flaw {
  readonly kind: FlawKind;
  /** Part of a sentence. */
  readonly says: string;
}

/** Days before its end when a certificate should have been renewed; less for one that lives shortly. */
const renewalDays = 14;
/** Certificates that live for days are renewed by the clock: the last quarter of a life is late for them. */
const renewalShare = 1 / 4;
/** NIST SP 800-57: 112 bits of security. */
const weakestRsa = 2048;
const weakestCurve = 224;

/**
 * All that is wrong with what the server showed to a client that looks for `host`. The first certificate must be there.
 */
export function flawsOf(facts: TlsFacts, host: string): Flaw[] {
  const [leaf, ...issuers] = facts.chain;
  if (leaf === undefined) return [];
  return [...dates(leaf, facts.seenAt), ...names(leaf, host), ...trust(facts, leaf), ...strength(leaf, issuers)];
}

/** Whole days that the certificate has left; below zero when it is over. Null where its date cannot be read. */
export function daysLeft({ validTo }: Pick<CertificateFacts, 'validTo'>, seenAt: string): number | null {
  const days = (Date.parse(validTo) - Date.parse(seenAt)) / dayMs;
  return Number.isNaN(days) ? null : Math.floor(days);
}

const dayMs = 86_400_000;

function dates(leaf: CertificateFacts, seenAt: string): Flaw[] {
  const [from, to, now] = [leaf.validFrom, leaf.validTo, seenAt].map((text) => Date.parse(text)) as [
    number,
    number,
    number,
  ];
  if (now > to) return [{ kind: 'expired', says: `it expired on ${leaf.validTo.slice(0, 10)}` }];
  if (now < from) return [{ kind: 'not-yet-valid', says: `it is not valid before ${leaf.validFrom.slice(0, 10)}` }];
  if (to - now >= Math.min(renewalDays * dayMs, (to - from) * renewalShare)) return [];
  return [
    {
      kind: 'expires-soon',
      says: `it expires on ${leaf.validTo.slice(0, 10)}, in ${count(daysLeft(leaf, seenAt) ?? 0, 'day')}`,
    },
  ];
}

/** An address that the user gave is no name to hold against a certificate. */
function names(leaf: CertificateFacts, host: string): Flaw[] {
  if (isAddress(host) || isNamed(leaf, host)) return [];
  const known = namesOf(leaf);
  if (known.length === 0)
    return [
      {
        kind: 'wrong-name',
        says: `it names no host: ${host} is not among its alternative names, of which there are none`,
      },
    ];
  return [{ kind: 'wrong-name', says: `it is not for ${host} but for ${listed(known)}` }];
}

function trust({ trusted, distrust, chain, seenAt }: TlsFacts, leaf: CertificateFacts): Flaw[] {
  if (trusted) return [];
  const top = chain.at(-1) ?? leaf;
  const reason = distrust ?? 'no reason given';
  if (/^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/.test(reason)) {
    const late = chain.slice(1).find(({ validTo }) => Date.parse(validTo) < Date.parse(seenAt));
    if (dates(leaf, seenAt).some(({ kind }) => kind !== 'expires-soon')) return [];
    return [
      {
        kind: 'untrusted',
        says: `a certificate above it is out of date (${late === undefined ? reason : `${late.subject}, ${late.validTo.slice(0, 10)}`})`,
      },
    ];
  }
  if (leaf.selfSigned) return [{ kind: 'self-signed', says: 'it is signed by nobody but itself' }];
  if (/^UNABLE_TO_(GET_ISSUER_CERT|VERIFY_LEAF_SIGNATURE)/.test(reason) && !top.selfSigned) {
    const sent =
      chain.length === 1
        ? 'no intermediate certificate is sent with it'
        : `the chain that is sent ends at ${top.subject}`;
    return [{ kind: 'incomplete-chain', says: `${sent}, and the issuer ${top.issuer} is not trusted here by itself` }];
  }
  return [
    {
      kind: 'untrusted',
      says: `its chain leads to ${top.selfSigned ? top.subject : top.issuer}, which is not trusted here (${reason})`,
    },
  ];
}

/** A self-signed root is trusted for what it is: nobody relies on the signature that it gave itself. */
function strength(leaf: CertificateFacts, issuers: readonly CertificateFacts[]): Flaw[] {
  const signing = issuers.filter(({ selfSigned }) => !selfSigned);
  return [leaf, ...signing].flatMap((certificate, index) => {
    const whose = index === 0 ? 'its' : `${certificate.subject}:`;
    return [
      ...(isWeakKey(certificate) ? [{ kind: 'weak-key', says: `${whose} key is ${keyOf(certificate)}` } as const] : []),
      ...(isWeakSignature(certificate) && !certificate.selfSigned
        ? [{ kind: 'weak-signature', says: `${whose} signature is ${certificate.signature}` } as const]
        : []),
    ];
  });
}

/** Type and size of a key, such as `rsa 2048`. */
export function keyOf({ keyType, bits }: CertificateFacts): string {
  return [keyType ?? 'unknown', bits].filter((part) => part !== null).join(' ');
}

function isWeakKey({ keyType, bits }: CertificateFacts): boolean {
  if (bits === null) return false;
  return keyType === 'ec' ? bits < weakestCurve : /^(rsa|dsa)/.test(keyType ?? '') && bits < weakestRsa;
}

const isWeakSignature = ({ signature }: CertificateFacts): boolean => / with (SHA-1|MD\d)$/.test(signature ?? '');

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 4).join(', ');
  return names.length > 4 ? `${shown} and ${names.length - 4} more` : shown;
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
