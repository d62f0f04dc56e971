import { bitsOf } from '../../model/address-bits.ts';
import { broken, type Fault, fatal, odd, quoted } from '../problem.ts';
import { listOf } from '../values.ts';
import { tableFault } from './tables.ts';

/** Lists of networks that smtpd(8) goes through before it takes mail. */
export const networkLists = ['mynetworks', 'smtpd_authorized_xclient_hosts', 'smtpd_authorized_xforward_hosts'];

/**
 * What is wrong with a list of networks as of `mynetworks`, so that smtpd cannot tell who is in it; null where nothing
 * is.
 */
export function networksFault(value: string): Fault | null {
  for (const member of listOf(value)) {
    if (member.startsWith('#')) return odd(`${quoted(member)} and what follows is passed over: it is no comment here`);
    const pattern = member.replace(/^!+/, '');
    if (pattern === '') return fatal(`nothing stands behind "!" in ${quoted(value)}: smtpd would not start`);
    const fault = patternFault(pattern);
    if (fault !== null) return fault;
  }
  return null;
}

const undecided = ': smtpd cannot tell who is in the list, and refuses mail for now';

function patternFault(pattern: string): Fault | null {
  if (pattern.startsWith('/')) return null;
  if (pattern.includes(':') && !pattern.startsWith('[')) return withColon(pattern);
  const [, bracketed, plain, bits = ''] = /^(?:\[([^\]/]*)\]|([\d.]+))\/([\d./]*)$/.exec(pattern) ?? [];
  const address = bracketed ?? plain;
  if (address === undefined) return null;
  const octets = bitsOf(address);
  if (octets === null) return broken(`${quoted(pattern)} has no address that is one${undecided}`);
  if (!/^\d+$/.test(bits)) return broken(`${quoted(pattern)} has no mask that is one, a number of bits${undecided}`);
  if (Number(bits) > octets.length)
    return broken(`${quoted(pattern)} has a mask of more than ${octets.length}${undecided}`);
  return octets.slice(Number(bits)).includes('1')
    ? broken(`${quoted(pattern)} is no network: behind its first ${bits} bits it is not zero${undecided}`)
    : null;
}

/** An IPv6 address without brackets is the name of a table to Postfix. */
function withColon(pattern: string): Fault | null {
  if (!/^[\da-f:.]+(\/\d+)?$/i.test(pattern) || bitsOf(pattern.replace(/\/.*/, '')) === null)
    return tableFault(pattern);
  const message = `${quoted(pattern)} is a table to Postfix: an IPv6 address stands in brackets`;
  return pattern.startsWith(':') ? fatal(`${message}: smtpd would not start`) : broken(message + undecided);
}
