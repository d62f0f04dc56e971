/**
 * Whether `master_service_disable` keeps a service from being started: members are `inet`, `name/inet` or, in old files, `name.inet`; `!` in
 * front makes an exception; the first that fits decides.
 */
export function isDisabled(service: { readonly name: string; readonly type: string }, list: string): boolean {
  for (const member of list.split(/[\s,]+/).filter(Boolean)) {
    const [, exceptions = '', pattern = ''] = /^(!*)(.*)$/s.exec(member) ?? [];
    const wanted = pattern.includes('/') ? pattern : pattern.replace(/\.([^.]*)$/, '/$1');
    const own = wanted.includes('/') ? `${service.name}/${service.type}` : service.type;
    if (own.toLowerCase() === wanted.toLowerCase()) return exceptions.length % 2 === 0;
  }
  return false;
}
