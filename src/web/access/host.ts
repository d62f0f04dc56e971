import type { MiddlewareHandler } from 'hono';
import { unmapped } from '../../model/address.ts';
import type { WebEnv, WebParts } from '../parts.ts';

/**
 * Refuses requests by a name that is not ours: a page of somebody else's, whose name was made to lead here (DNS
 * rebinding), would read what this browser may. A name is ours where the file says so; so are `localhost` and the
 * address that was connected to.
 */
export const ownHost =
  ({ config }: Pick<WebParts, 'config'>): MiddlewareHandler<WebEnv> =>
  async (c, next) => {
    const host = nameIn(c.req.header('host') ?? '');
    const { hosts, listen } = config().web;
    const listened = listen?.kind === 'tcp' ? listen.host : 'localhost';
    const reached = unmapped(c.env.incoming.socket.localAddress ?? 'localhost');
    const ours = ['localhost', listened, reached, ...hosts].map((name) => name.toLowerCase());
    if (ours.includes(host)) return next();
    return c.text(
      'The pages are not known by that name: web: { hosts: [...] } in the file lists those that are.\n',
      421,
    );
  };

/** The name in a Host header (RFC 9110 §7.2), in lower case, without port and brackets. */
function nameIn(host: string): string {
  const [, inBrackets, name] = /^(?:\[([0-9a-f:.]+)\]|([^:[\]@/\s]+))(?::\d{0,5})?$/i.exec(host) ?? [];
  return (inBrackets ?? name ?? '').toLowerCase();
}
