import type { Cite } from '../../model/transcript.ts';
import { type Fault, nameShown } from './faults.ts';
import type { OwnName, OwnNames } from './own-names.ts';

/** The five names of one server, on port 25. */
export interface ServerNames {
  /** The id of the endpoint. */
  readonly endpoint: string;
  /** Banner and EHLO. */
  readonly own: OwnNames;
  /** What its address is called; null where DNS does not tell. */
  readonly ptr: readonly string[] | null;
  readonly certificate: readonly string[];
  readonly mx: string;
  /** Whether the name in EHLO is known elsewhere: as MX host, PTR or in the certificate. */
  readonly isKnown: boolean;
  /** The answer that says that the name in EHLO does not exist, where one does. */
  readonly notThere: Cite | null;
  readonly greetingAt: Cite;
  readonly ehloAt: Cite;
}

/** What is wrong with the names that servers give themselves, a fault a kind. */
export function agreementFaults(servers: readonly ServerNames[]): Fault[] {
  return checks.flatMap(({ holds, words, ...entry }) => {
    const these = servers.filter(holds);
    if (these.length === 0) return [];
    const says = these.map((server) => `${server.endpoint} ${words(server.own)}`).join(', ');
    const at = these.flatMap(({ greetingAt, ehloAt, notThere }) => [
      greetingAt,
      ehloAt,
      ...(notThere === null ? [] : [notThere]),
    ]);
    const covered = these.some(({ own }) => /\*{4}/.test(own.banner.word));
    return { ...entry, says, at, likely: covered ? 'a firewall that rewrites SMTP (Cisco calls it fixup)' : undefined };
  });
}

const shown = ({ word }: OwnName): string => (word === '' ? 'nothing' : `"${nameShown(word)}"`);
const both = ({ banner, ehlo, agree }: OwnNames): string =>
  agree ? `calls itself ${shown(ehlo)}` : `greets as ${shown(banner)} and answers EHLO as ${shown(ehlo)}`;

const isAny = (own: OwnNames, kind: OwnName['kind']) => own.banner.kind === kind || own.ehlo.kind === kind;
const isSound = ({ banner, ehlo }: OwnNames) => banner.kind === 'name' && ehlo.kind === 'name';

const checks: readonly (Pick<Fault, 'severity' | 'headline'> & {
  readonly holds: (server: ServerNames) => boolean;
  readonly words: (own: OwnNames) => string;
})[] = [
  {
    severity: 'low',
    headline: 'It greets, or answers EHLO, without a host name of its own',
    holds: ({ own }) => isAny(own, 'nameless'),
    words: (own) => `${both(own)}, where a host name with its domain belongs`,
  },
  {
    severity: 'low',
    headline: 'It answers EHLO with the name that we gave, not with its own',
    holds: ({ own }) => isAny(own, 'echo'),
    words: (own) => `${both(own)}: that is our name`,
  },
  {
    severity: 'low',
    headline: 'It calls itself by a name that only its own network knows',
    holds: ({ own }) => isAny(own, 'inner'),
    words: (own) => `${both(own)}: no DNS has that name`,
  },
  {
    severity: 'low',
    headline: 'The names in its greeting and in its answer to EHLO differ',
    holds: ({ own }) => !own.agree && isSound(own),
    words: both,
  },
  {
    severity: 'low',
    headline: 'The name that it gives itself does not exist in DNS',
    holds: ({ notThere }) => notThere !== null,
    words: (own) => `${both(own)}, which does not exist`,
  },
  {
    severity: 'info',
    headline: 'The name that it gives itself stands nowhere else: neither MX, PTR nor certificate',
    holds: ({ own, isKnown, ptr }) => own.agree && isSound(own) && !isKnown && ptr !== null,
    words: (own) => `${both(own)}, a name of no MX record, PTR or certificate`,
  },
];
