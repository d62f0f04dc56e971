/**
 * Names of ports: what Postfix 3.6 has built in (`known_tcp_ports`), and /etc/services knows `ssmtp` and `urd` besides.
 */
const ports: Readonly<Record<string, number>> = {
  smtp: 25,
  mail: 25,
  submission: 587,
  submissions: 465,
  smtps: 465,
  ssmtp: 465,
  urd: 465,
  lmtp: 24,
};

/**
 * The first column of an `inet` line of master.cf: a port, or a host or address and a port (`127.0.0.1:10025`,
 * `[::1]:smtp`). The port is null where its name is not known; `more` has further names.
 */
export function hostAndPort(
  service: string,
  more: ReadonlyMap<string, number> = new Map(),
): { readonly host: string | null; readonly port: number | null } {
  const [, bracketed, plain, port = service] = /^(?:\[([^\]]*)\]|([^:[\]]*)):([^:]*)$/.exec(service) ?? [];
  const host = bracketed ?? plain ?? '';
  return { host: host === '' ? null : host, port: portOf(port, more) };
}

function portOf(name: string, more: ReadonlyMap<string, number>): number | null {
  if (/^\d{1,5}$/.test(name)) return Number(name) > 0 && Number(name) <= 65_535 ? Number(name) : null;
  return more.get(name) ?? (Object.hasOwn(ports, name) ? (ports[name] ?? null) : null);
}

/** Reads `known_tcp_ports`: `lmtp=24, smtps=submissions=465`. */
export function portNames(value: string): ReadonlyMap<string, number> {
  const names = new Map<string, number>();
  for (const entry of value.split(/[\s,]+/)) {
    const words = entry.split('=');
    const port = portOf(words.pop() ?? '', new Map());
    if (port !== null) for (const name of words) names.set(name, port);
  }
  return names;
}
