import { answerKinds, answerShape, type RecordOf } from '../../model/lookup.ts';
import type { Shaped, Zod } from '../../model/shape.ts';
import { citeShape } from '../../model/transcript.ts';
import { textsOf } from '../domain/texts.ts';
import type { Names } from '../domain-probe.ts';
import { expand, type MacroValues } from './macro.ts';
import { isSpf, type Mechanism, mechanismsOf, readSpf, redirectOf } from './record.ts';

/** What an SPF record and all that it includes say, each name once. */
export const spfShape = (z: Zod) =>
  z.object({
    domain: z.string(),
    texts: z.array(z.object({ domain: z.string(), answer: answerShape('TXT')(z) })),
    /** What `a`, `mx` and `exists` ask for. `A`: addresses of either family, but for `exists`. */
    hosts: z.array(
      z.object({
        name: z.string(),
        type: z.enum(['A', 'MX', 'exists']),
        kind: z.enum(answerKinds),
        records: z.number(),
        because: z.string().nullable(),
        at: citeShape(z),
      }),
    ),
  });
export type SpfData = Shaped<typeof spfShape>;
export type SpfText = SpfData['texts'][number];
export type SpfHost = SpfData['hosts'][number];

/** What a mechanism asks of DNS. A name of null: none that one could ask for. */
export interface SpfQuestion {
  readonly name: string | null;
  readonly type: SpfHost['type'] | 'TXT';
}

/** Eleven below each other are more look-ups than a receiver makes. */
const maxDepth = 11;
/** Names to ask for. A record that a receiver reads to its end needs twenty at most. */
const maxNames = 100;

/**
 * The mail that records are read for: from an address that nobody sends from (RFC 5737), so that nothing in a record
 * matches it but what matches everybody.
 */
export const strangersMail = (origin: string, domain: string): MacroValues => ({
  s: `mxprobe-stranger@${origin}`,
  l: 'mxprobe-stranger',
  o: origin,
  d: domain,
  i: '192.0.2.1',
  p: 'unknown',
  v: 'in-addr',
  h: 'stranger.example.net',
});

/** The SPF records of an answer; receivers want one (RFC 7208 §4.5). */
export const spfRecords = (records: readonly string[]): readonly string[] => textsOf(records).filter(isSpf);

/** What a mechanism asks for; null where it asks for nothing that can be known without a client. */
export function questionOf({ name, value }: Mechanism, mail: MacroValues): SpfQuestion | null {
  const type = asking[name];
  return type === undefined ? null : { name: expand(value ?? mail.d, mail), type };
}

const asking: Readonly<Partial<Record<Mechanism['name'], SpfQuestion['type']>>> = {
  include: 'TXT',
  a: 'A',
  mx: 'MX',
  exists: 'exists',
};

/** Asks for the record of the domain, and for all that it leads to. */
export async function gatherSpf(names: Names): Promise<SpfData> {
  const { domain } = names.subject;
  const texts = new Map<string, Promise<SpfText>>();
  const hosts = new Map<string, Promise<SpfHost>>();
  const hasRoom = () => texts.size + hosts.size < maxNames;

  let round = [domain];
  for (let depth = 0; depth < maxDepth && round.length > 0; depth++) {
    const fresh: Promise<SpfText>[] = [];
    for (const name of round) {
      if (texts.has(name) || !hasRoom()) continue;
      const asked = askText(names, name);
      texts.set(name, asked);
      fresh.push(asked);
    }
    const questions = (await Promise.all(fresh)).flatMap((text) => questionsOf(text, domain));
    for (const { name, type } of questions) {
      const key = `${name} ${type}`;
      if (name !== null && type !== 'TXT' && !hosts.has(key) && hasRoom()) hosts.set(key, askHost(names, name, type));
    }
    round = [...new Set(questions.flatMap(({ name, type }) => (type === 'TXT' && name !== null ? [name] : [])))];
  }
  return { domain, texts: await Promise.all(texts.values()), hosts: await Promise.all(hosts.values()) };
}

function questionsOf({ domain, answer }: SpfText, origin: string): readonly SpfQuestion[] {
  const [record, second] = spfRecords(answer.records);
  if (record === undefined || second !== undefined) return [];
  const terms = readSpf(record);
  const mail = strangersMail(origin, domain);
  const redirect = redirectOf(terms);
  return [
    ...mechanismsOf(terms).flatMap((mechanism) => questionOf(mechanism, mail) ?? []),
    ...(redirect === null ? [] : [{ name: expand(redirect.value, mail), type: 'TXT' } as const]),
  ];
}

const askText = async (names: Names, domain: string): Promise<SpfText> => ({
  domain,
  answer: await names.ask(domain, 'TXT'),
});

async function askHost(names: Names, name: string, type: SpfHost['type']): Promise<SpfHost> {
  const first = await names.ask(name, type === 'MX' ? 'MX' : 'A');
  const isElsewhere = type === 'A' && first.kind === 'no-data';
  const { kind, records, because, at } = isElsewhere ? await names.ask(name, 'AAAA') : first;
  return { name, type, kind, records: (records as readonly RecordOf<'A' | 'MX'>[]).length, because, at };
}
