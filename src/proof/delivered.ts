import type { Arrival } from '../model/arrival.ts';
import { fieldsOf, valuesOf } from './header.ts';
import type { FoundMail } from './mailbox.ts';

/** What of a found message is kept: its trace, and how long each field is. */
export function deliveredBy({ header, at }: FoundMail): Arrival & { readonly octets: Record<string, number> } {
  const fields = fieldsOf(header);
  const [path = null] = valuesOf(fields, 'return-path');
  const [to = null] = [...valuesOf(fields, 'delivered-to'), ...valuesOf(fields, 'x-original-to')];
  return {
    at: at.toISOString(),
    peer: null,
    helo: null,
    sender: path?.replace(/^<(.*)>$/, '$1') ?? null,
    recipient: to,
    tls: null,
    received: valuesOf(fields, 'received'),
    authentication: valuesOf(fields, 'authentication-results'),
    octets: Object.fromEntries(fields.toReversed().map(({ name, octets }) => [name, octets])),
  };
}
