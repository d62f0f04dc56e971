import { familyOf } from '../../model/address.ts';
import { nibblesOf } from './reverse-name.ts';

/** Whether an address lies in the network of another's first `bits`. Both in their normal form. */
export const isWithin = (address: string, network: string, bits: number): boolean =>
  familyOf(address) === familyOf(network) && bitsOf(address).slice(0, bits) === bitsOf(network).slice(0, bits);

const bitsOf = (address: string): string =>
  familyOf(address) === 4
    ? address
        .split('.')
        .map((octet) => Number(octet).toString(2).padStart(8, '0'))
        .join('')
    : [...nibblesOf(address)].map((nibble) => Number.parseInt(nibble, 16).toString(2).padStart(4, '0')).join('');
