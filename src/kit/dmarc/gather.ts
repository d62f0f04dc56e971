import { answerKinds, answerShape } from '../../model/lookup.ts';
import type { Shaped, Zod } from '../../model/shape.ts';
import { textsOf } from '../domain/texts.ts';
import type { Names } from '../domain-probe.ts';
import { registrableDomain } from '../subject.ts';
import { isDmarc, readDmarc } from './record.ts';

/** TXT of a domain, or of a name below it that has a meaning. */
const textShape = (z: Zod) => z.object({ domain: z.string(), answer: answerShape('TXT')(z) });

export const dmarcShape = (z: Zod) =>
  z.object({
    domain: z.string(),
    /** What DNS says of the domain itself: one that is not there has no mail to forge. */
    exists: z.enum(answerKinds),
    /** `_dmarc` of the domain; and of its organizational domain, where it has no record of its own. */
    policies: z.array(textShape(z)),
    /** Where records stand that belong under `_dmarc`: asked where there is none. */
    astray: z.array(textShape(z)),
    /** `<domain>._report._dmarc.<other>`: whether the other agrees to take reports. `domain`: the other. */
    consents: z.array(textShape(z)),
  });
export type DmarcData = Shaped<typeof dmarcShape>;
export type DmarcText = DmarcData['policies'][number];

/** Domains that are asked whether they take reports; receivers look at two addresses, some at more. */
const maxConsents = 10;

/** The DMARC records among the TXT records of a name (RFC 7489 §6.6.3 step 2). */
export const dmarcRecords = ({ answer }: DmarcText): readonly string[] => textsOf(answer.records).filter(isDmarc);

/** Asks as receivers do (RFC 7489 §6.6.3), and for the consent of others (§7.1). */
export async function gatherDmarc(names: Names): Promise<DmarcData> {
  const { domain } = names.subject;
  const text = async (name: string, of: string) => ({ domain: of, answer: await names.ask(name, 'TXT') });
  const [own, { kind: exists }] = await Promise.all([text(`_dmarc.${domain}`, domain), names.ask(domain, 'MX')]);
  const organization = registrableDomain(domain) ?? domain;
  const isElsewhere = organization !== domain && dmarcRecords(own).length === 0;
  const policies = isElsewhere ? [own, await text(`_dmarc.${organization}`, organization)] : [own];
  const found = policies.at(-1) ?? own;
  const [record] = dmarcRecords(found);
  const outside = record === undefined ? [] : outsideOf(found.domain, readDmarc(record).reportDomains);
  const [consents, astray] = await Promise.all([
    Promise.all(outside.slice(0, maxConsents).map((other) => text(`${found.domain}._report._dmarc.${other}`, other))),
    Promise.all(record === undefined ? [domain, `_dmarc.${domain}.${domain}`].map((name) => text(name, name)) : []),
  ]);
  return { domain, exists, policies, astray, consents };
}

/** Domains of another organization than the one whose policy it is. */
const outsideOf = (domain: string, others: readonly string[]): readonly string[] =>
  others.filter((other) => organizationOf(other) !== organizationOf(domain));

const organizationOf = (domain: string): string => registrableDomain(domain) ?? domain;
