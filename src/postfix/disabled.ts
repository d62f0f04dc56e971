/**
 * Which services `master_service_disable` keeps from being started: members are `inet`, `name/inet` or, in old files,
 * `name.inet`; `!` in front makes an exception; the first that fits decides.
 */
export function disabledBy(list: string): (service: { readonly name: string; readonly type: string }) => boolean {
  const members = new Map<string, { readonly index: number; readonly isOff: boolean }>();
  for (const [index, member] of list
    .split(/[\s,]+/)
    .filter(Boolean)
    .entries()) {
    const [, exceptions = '', pattern = ''] = /^(!*)(.*)$/s.exec(member) ?? [];
    const wanted = (pattern.includes('/') ? pattern : pattern.replace(/\.([^.]*)$/, '/$1')).toLowerCase();
    if (!members.has(wanted)) members.set(wanted, { index, isOff: exceptions.length % 2 === 0 });
  }
  return ({ name, type }) => {
    const fitting = [`${name}/${type}`, type].flatMap((key) => members.get(key.toLowerCase()) ?? []);
    const [first] = fitting.sort((a, b) => a.index - b.index);
    return first?.isOff ?? false;
  };
}
