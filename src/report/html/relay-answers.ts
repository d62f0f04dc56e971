import type { Reported } from '../../model/reported.ts';
import { observed } from '../../observations.ts';
import { textsOf } from './reading.ts';

/** What one way of asking was answered. */
export interface RelayAnswer {
  readonly tls: boolean;
  /** Under the server's own name as HELO. */
  readonly ownHelo: boolean;
  readonly sender: string;
  readonly recipient: string;
  readonly outcome: 'accepted' | 'refused' | 'untested';
  /** The code of the reply to RCPT. */
  readonly code: number | null;
  readonly why: string | null;
}

/** All that open-relay asked, out of its figures; the codes out of what it observed. */
export function relayAnswers(endpoint: Pick<Reported, 'findings' | 'observations'>): RelayAnswer[] {
  const measured = endpoint.findings.find(({ probe }) => probe === 'open-relay')?.measured ?? {};
  const codes = codesOf(endpoint);
  const outcomes = [
    ...textsOf(measured.accepted).map((id) => ({ id, outcome: 'accepted' as const, why: null })),
    ...textsOf(measured.refused).map((id) => ({ id, outcome: 'refused' as const, why: null })),
    ...textsOf(measured.untested).map((text) => ({ ...reasoned(text), outcome: 'untested' as const })),
  ];
  return outcomes.flatMap(({ id, outcome, why }) => {
    const shape = /^(tls:)?(own-helo:)?([^>:\s]+)>([^>:\s]+)$/.exec(id);
    if (shape === null) return [];
    const [, tls, ownHelo, sender = '', recipient = ''] = shape;
    const code = outcome === 'untested' ? null : (codes.get(id) ?? null);
    return [{ tls: tls !== undefined, ownHelo: ownHelo !== undefined, sender, recipient, outcome, code, why }];
  });
}

/** `tls:null>plain: the sender was refused` */
function reasoned(text: string): { readonly id: string; readonly why: string } {
  const end = text.indexOf(': ');
  return end < 0 ? { id: text, why: '' } : { id: text.slice(0, end), why: text.slice(end + 2) };
}

function codesOf(endpoint: Pick<Reported, 'observations'>): Map<string, number> {
  const answers = (observed(endpoint, 'open-relay')?.phases ?? []).flatMap((phase) =>
    phase.answers.map(({ id, rcpt }) => [phase.tls ? `tls:${id}` : id, rcpt?.reply.code ?? null] as const),
  );
  return new Map(answers.flatMap(([id, code]) => (code === null ? [] : [[id, code] as const])));
}
