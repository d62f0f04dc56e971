import { parseDnsServer } from '../discover/parse-dns-server.ts';
import { normalAddress } from '../model/address.ts';
import { hostNameOf } from '../model/host-name.ts';
import { didYouMean } from '../model/nearest.ts';
import { UsageError } from '../model/usage-error.ts';
import { visible } from '../model/visible.ts';

/**
 * Readers of option values. Each returns what it read, or throws a `UsageError` that begins with `option`, its name,
 * and tells the way out.
 */

export const oneOf =
  <const T extends string>(known: readonly T[]) =>
  (option: string, text: string): T => {
    const found = known.find((value) => value === text);
    if (found !== undefined) return found;
    throw bad(option, text, `is not one of ${known.join(', ')}${didYouMean(text, known)}`);
  };

export const numberOf = (low: number, high: number) => numeric(/^\d+(\.\d+)?$/, 'a number', low, high);

export const wholeNumberOf = (low: number, high: number) => numeric(/^\d+$/, 'a whole number', low, high);

const numeric = (form: RegExp, kind: string, low: number, high: number) => (option: string, text: string) => {
  const value = Number(text);
  const isBelow = /^-\d+(\.\d+)?$/.test(text);
  if (!form.test(text) && !isBelow) throw bad(option, text, `is not ${kind}: give one from ${low} to ${high}`);
  if (value < low || value > high) throw bad(option, text, `is out of range: give a number from ${low} to ${high}`);
  return value;
};

export function ports(option: string, text: string): number[] {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.includes('')) throw bad(option, text, 'has an empty place in it: write 25,587,465');
  return [...new Set(parts.map((part) => wholeNumberOf(1, 65_535)(option, part)))];
}

/** Each known, each once. */
export function idsOf(option: string, ids: readonly string[], known: readonly string[]): string[] {
  const stranger = ids.find((id) => !known.includes(id));
  if (stranger === undefined) return [...new Set(ids)];
  throw bad(option, stranger, `is no probe${didYouMean(stranger, known)}; mxprobe probes lists them`);
}

/** An IP address in its normal form. */
export function address(option: string, text: string): string {
  const read = normalAddress(text.trim());
  if (read === null) throw bad(option, text, 'is no IP address: write one such as 192.0.2.1 or 2001:db8::1');
  return read;
}

export function domain(option: string, text: string): string {
  const read = hostNameOf(text);
  if (read.kind === 'problem') throw bad(option, text, read.problem);
  return read.name;
}

/** `local@domain` or `local@[address]`, plain dot-atoms only (RFC 5321 §4.1.2). */
export function mailAddress(option: string, text: string): string {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(at, 0));
  const host = text.slice(at + 1);
  if (at < 1 || host === '') throw bad(option, text, 'is no mail address: write user@example.com');
  if (!/^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*$/.test(local)) {
    throw bad(option, text, 'has a character before the @ that a plain mail address has not: write user@example.com');
  }
  if (local.length > 64) throw bad(option, text, 'has over 64 characters before the @ (RFC 5321 §4.5.3.1.1)');
  if (isAddressLiteral(host)) return text;
  const read = hostNameOf(host);
  if (read.kind === 'problem') throw bad(option, text, read.problem);
  return `${local}@${read.name}`;
}

/** A fully qualified name or an address literal (RFC 5321 §4.1.4). */
export function heloName(option: string, text: string): string {
  if (isAddressLiteral(text)) return text;
  const read = hostNameOf(text);
  if (read.kind === 'problem') throw bad(option, text, read.problem);
  if (read.name.includes('.') && !read.name.includes('_')) return read.name;
  throw bad(
    option,
    text,
    'is not fully qualified: write a name such as scanner.example.net, or an address as [192.0.2.1]',
  );
}

export function dnsServer(option: string, text: string): string {
  const server = parseDnsServer(text);
  if (typeof server === 'string') return server;
  throw new UsageError(`${option}: ${server.problem}`);
}

function isAddressLiteral(text: string): boolean {
  const [, v6, v4] = /^\[(?:IPv6:([0-9a-f:.]+)|([0-9.]+))\]$/i.exec(text) ?? [];
  return normalAddress(v6 ?? v4 ?? '') !== null && (v6 === undefined || v6.includes(':'));
}

function bad(option: string, text: string, problem: string): UsageError {
  return new UsageError(`${option}: "${visible(text)}" ${problem}`);
}
