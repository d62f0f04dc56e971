import type { Role, TlsMode } from './endpoint.ts';

/**
 * What the user typed, understood but not yet looked up.
 * - `name`: a bare name. Its MX records decide whether it is a mail domain or a host.
 * - `address`: a bare IP address.
 * - `endpoint`: host (name or address) with port and TLS mode: `host:port`, `smtp://`, `smtps://`, `submission://`,
 *   `submissions://`, `[v6]:port`.
 */
export type Target =
  | { readonly kind: 'name'; readonly input: string; readonly name: string }
  | { readonly kind: 'address'; readonly input: string; readonly address: string }
  | {
      readonly kind: 'endpoint';
      readonly input: string;
      readonly host: string;
      readonly port: number;
      readonly role: Role;
      readonly tls: TlsMode;
    };
