import { type Fault, naming } from '../domain/faults.ts';
import type { MxData } from './ask.ts';
import type { MxHost } from './hosts.ts';

/** What is worth knowing of MX records that lead where they should. */
export function mxNotes({ mx }: MxData, hosts: readonly MxHost[]): Fault[] {
  const note = (headline: string, says: string, at = [mx.at]): Fault => ({ severity: 'info', headline, says, at });
  const exchanges = mx.records.map(({ exchange }) => exchange);
  const twice = hosts.filter(({ host }) => exchanges.filter((exchange) => exchange === host).length > 1);
  const shared = hosts.filter((host, index) => isNothingNew(host, hosts.slice(0, index)));
  const unknown = hosts.filter(({ state }) => state === 'unknown');
  const unasked = hosts.filter(({ state }) => state === 'unasked');
  return [
    isAlone(hosts) ? [note('It has one MX host, and no second way in', 'one MX host with one address')] : [],
    twice.length === 0
      ? []
      : [note('An MX host is listed twice', `listed more than once: ${naming(twice.map(({ host }) => host))}`)],
    shared.length === 0
      ? []
      : [
          note(
            'Two of its MX hosts are one address: the second is no help when the first is down',
            `${naming(shared.map(({ host }) => host))} ${shared.length === 1 ? 'has' : 'have'} only addresses of hosts before`,
            shared.flatMap(({ at }) => at),
          ),
        ],
    unknown.length === 0
      ? []
      : [
          note(
            'DNS gave no answer for one of its MX hosts',
            `DNS does not tell the addresses of ${naming(unknown.map(({ host }) => host))}`,
            unknown.flatMap(({ at }) => at),
          ),
        ],
    unasked.length === 0
      ? []
      : [
          note(
            'It has more MX hosts than senders will try',
            `${unasked.length} more MX hosts were not looked up: senders stop earlier`,
          ),
        ],
  ].flat();
}

/** One host whose name leads to several machines is no single point: a family of addresses each is one machine. */
function isAlone(hosts: readonly MxHost[]): boolean {
  const [only, ...others] = hosts;
  if (only === undefined || others.length > 0) return false;
  const isIpv4 = (address: string) => address.includes('.');
  const count = (wanted: boolean) => only.usable.filter((address) => isIpv4(address) === wanted).length;
  return only.state === 'found' && only.usable.length > 0 && count(true) <= 1 && count(false) <= 1;
}

function isNothingNew({ usable }: MxHost, before: readonly MxHost[]): boolean {
  return usable.length > 0 && usable.every((address) => before.some((host) => host.usable.includes(address)));
}
