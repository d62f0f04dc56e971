/**
 * An endpoint's id as people read it: `127.0.0.1:25` for `127.0.0.1/127.0.0.1:25`, where a host has no name but its
 * address.
 */
export function endpointName(id: string): string {
  const slash = id.lastIndexOf('/');
  const host = id.slice(0, slash);
  const rest = id.slice(slash + 1);
  return rest.startsWith(`${host}:`) || rest.startsWith(`[${host}]:`) ? rest : id;
}
