import { familyOf, normalAddress, unmapped } from '../../model/address.ts';
import { nibblesOf } from './reverse-name.ts';

/**
 * Whether a name was made from the address, as providers do for a whole network: `static-192-0-2-1.isp.example`, in
 * either order, padded, or in hexadecimal. Filters take hosts of such names for machines that send no mail.
 */
export function isGenericName(name: string, address: string): boolean {
  const plain = unmapped(address);
  return familyOf(plain) === 4 ? holdsIpv4(name, plain.split('.').map(Number)) : holdsIpv6(name, plain);
}

function holdsIpv4(name: string, octets: readonly number[]): boolean {
  const orders = [octets, [...octets].reverse()];
  const padded = orders.map((order) => order.map((octet) => String(octet).padStart(3, '0')).join(''));
  const hexadecimal = octets.map((octet) => octet.toString(16).padStart(2, '0')).join('');
  return (
    orders.some((order) => new RegExp(`(?<!\\d)0*${order.join('\\D0*')}(?!\\d)`).test(name)) ||
    padded.some((digits) => new RegExp(`(?<!\\d)${digits}(?!\\d)`).test(name)) ||
    new RegExp(`(?<![0-9a-f])${hexadecimal}(?![0-9a-f])`).test(name)
  );
}

function holdsIpv6(name: string, address: string): boolean {
  const nibbles = nibblesOf(address);
  const bare = name.replace(/[-.]/g, '');
  if (bare.includes(nibbles) || bare.includes([...nibbles].reverse().join(''))) return true;
  // `2001-db8--1`, and the same behind a word.
  return name
    .split('.')
    .flatMap((label) => [label, label.slice(label.indexOf('-') + 1)])
    .some((label) => normalAddress(label.replaceAll('-', ':')) === address);
}
