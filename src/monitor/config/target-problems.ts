import { normalAddress } from '../../model/address.ts';
import { brief } from '../../model/host-port.ts';
import type { Target } from '../../model/target.ts';
import { isPublicAddress } from '../../model/vantage.ts';
import type { Problem } from '../../yaml/problems.ts';
import type { Listed, Lookups } from './lookups.ts';
import { targetOf } from './lookups.ts';
import { type Path, problemAt } from './problem-at.ts';
import { type Rough, texts } from './rough.ts';

/** What is wrong with the targets of a monitor, those in a file that it names included. */
export function targetProblems(path: Path, monitor: Rough, lookups: Lookups): Problem[] {
  const { targets, each } = monitor;
  const place = [...path, 'targets'];
  if (typeof targets === 'string' && /^@./.test(targets))
    return listProblems(place, targets.slice(1), monitor, lookups);
  const stray = each === true && Array.isArray(targets);
  return [
    ...(stray ? [problemAt([...path, 'each'], 'belongs to a list in a file: write targets: "@FILE"')] : []),
    ...texts(targets).flatMap(([index, text]) => {
      const target = targetOf(text);
      const why = target.kind === 'not' ? target.why : notPublic(target.value, monitor);
      return why === null ? [] : [problemAt([...place, index], `: ${why}`)];
    }),
  ];
}

/** In a file of thousands a slip may be in each line: so many are told. */
const mostTold = 20;

function listProblems(path: Path, file: string, monitor: Rough, lookups: Lookups): Problem[] {
  const list = lookups.list(file);
  if (list.kind === 'not') return [problemAt(path, `: "${brief(file)}" ${list.why}`)];
  if (list.value.length === 0) return [problemAt(path, `: "${brief(file)}" has no target in it: write one a line`)];
  const wrong = list.value.flatMap((one) => {
    const why = one.target.kind === 'not' ? one.target.why : notPublic(one.target.value, monitor);
    return why === null ? twiceIn(one, list.value, monitor) : [`${brief(file)}, line ${one.line}: ${why}`];
  });
  const rest = wrong.length > mostTold ? [`${brief(file)}: ${wrong.length - mostTold} more lines are wrong`] : [];
  return [...wrong.slice(0, mostTold), ...rest].map((text) => problemAt(path, `: ${text}`));
}

/** With `each`, a line is a monitor, and a line that stands twice would be two of one name. */
function twiceIn(one: Listed, all: readonly Listed[], { each, targets }: Rough): string[] {
  if (each !== true) return [];
  const first = firstOf(all).get(one.text);
  if (first === undefined || first === one.line) return [];
  return [`${brief(String(targets).slice(1))}, line ${one.line}: "${brief(one.text)}" is in line ${first} already`];
}

const firsts = new WeakMap<readonly Listed[], Map<string, number>>();

/** Where each text stands first. */
function firstOf(all: readonly Listed[]): Map<string, number> {
  const known = firsts.get(all) ?? new Map(all.toReversed().map(({ text, line }) => [text, line]));
  firsts.set(all, known);
  return known;
}

/** An address in a network of one's own, where the monitor does not say that it may be. */
function notPublic(target: Target, monitor: Rough): string | null {
  const host = target.kind === 'name' ? target.name : target.kind === 'address' ? target.address : target.host;
  if (monitor.private === true || normalAddress(host) === null || isPublicAddress(host)) return null;
  return `"${brief(target.input)}" is an address of a network of one's own: it needs private: true in this monitor`;
}
