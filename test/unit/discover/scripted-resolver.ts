import { type Answer, answerOf, type Failure, type Mx } from '../../../src/discover/answer.ts';
import type { Resolver } from '../../../src/discover/resolver.ts';

type Scripted = Failure | readonly string[];
/** What is known of one name. MX records are written `10 mx.example.test`. */
export interface Script {
  readonly mx?: Scripted;
  readonly v4?: Scripted;
  readonly v6?: Scripted;
  readonly cname?: string;
  readonly local?: boolean;
}

export const servfail: Failure = {
  kind: 'failed',
  because: 'the server answered SERVFAIL',
};
export const timeout: Failure = { kind: 'failed', because: 'no answer within 5 s' };

/** A resolver without a network: names that are not in the script do not exist. */
export function scriptedResolver(
  script: Readonly<Record<string, Script>>,
): Resolver & { readonly asked: readonly string[] } {
  const asked: string[] = [];
  const answer = (question: string, name: string, pick: (known: Script) => Scripted | undefined): Answer<string> => {
    asked.push(`${question} ${name}`);
    const known = script[name];
    if (known === undefined) return { kind: 'no-name' };
    const picked = pick(known) ?? [];
    return 'kind' in picked ? picked : answerOf(picked);
  };
  return {
    asked,
    title: 'the script',
    mx: async (name) => {
      const found = answer('MX', name, (known) => known.mx);
      return found.kind === 'found' ? answerOf(found.records.map(mxOf)) : found;
    },
    addresses: async (name, family) =>
      answer(family === 4 ? 'A' : 'AAAA', name, (known) => (family === 4 ? known.v4 : known.v6)),
    cname: async (name) => answer('CNAME', name, (known) => (known.cname === undefined ? [] : [known.cname])),
    isLocal: async (name) => script[name]?.local ?? false,
  };
}

function mxOf(text: string): Mx {
  const [preference, exchange = ''] = text.split(' ');
  return { preference: Number(preference), exchange: exchange === '.' ? '' : exchange };
}
