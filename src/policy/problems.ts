import type { z } from 'zod';
import { type Problem, problemsOf as problemsIn } from '../yaml/problems.ts';
import { policyJsonSchema } from './schema.ts';

/** What zod found, in words for whoever wrote the policy. */
export function problemsOf(error: z.ZodError, value: unknown, probes: readonly string[]): Problem[] {
  return problemsIn(error, value, {
    schema: policyJsonSchema(probes),
    whole: 'the policy',
    formOf,
    badKey: ' is no port: ports are between 1 and 65535',
    listedBy: 'mxprobe probes lists the ids',
    mayShow: () => true,
  });
}

/** What belongs in a place, by the last name on the way there. */
function formOf(path: readonly PropertyKey[]): string {
  const names = path.filter((step) => typeof step === 'string');
  const last = names.at(-1) ?? '';
  const form = names[0] === 'ceilings' && names.length > 1 ? 'a number above 0' : forms[last];
  const inList = typeof path.at(-1) === 'number' ? (items[last] ?? form) : form;
  return inList ?? '';
}

const mechanisms = 'names of mechanisms in capitals, such as [PLAIN, LOGIN]';
const forms: Readonly<Record<string, string>> = {
  '': 'a mapping of names to values',
  $schema: 'text',
  name: '1 to 80 letters, digits, spaces, dots and dashes',
  severities: 'probe ids with severities, such as open-relay: critical',
  ceilings: 'probe ids with numbers, such as connection-rate: 60',
  mechanisms: 'rules by role: mx, submission, submissions',
  tls: 'rules by role: mx, submission, submissions',
  mx: 'a mapping of rules',
  submission: 'a mapping of rules',
  submissions: 'a mapping of rules',
  beforeTls: 'forbidden, with a list of mechanisms',
  insideTls: 'required and forbidden, each with a list of mechanisms',
  required: mechanisms,
  forbidden: `${mechanisms}, or ["*"] for every other`,
  floor: 'TLSv1, TLSv1.1, TLSv1.2 or TLSv1.3',
  speaks: 'a list of TLSv1, TLSv1.1, TLSv1.2, TLSv1.3',
  ports: 'ports with open or closed, such as 25: open',
  mustTell: 'a list of probe ids',
  waivers: 'a list of waivers, each with probe, until and reason',
  probe: 'the id of a probe',
  endpoint: 'a host, an address, host:port or an id, with * for any characters',
  until: 'a day, such as 2026-12-31',
  reason: 'a sentence that says why',
};
const items: Readonly<Record<string, string>> = {
  required: 'the name of a mechanism in capitals, such as PLAIN',
  forbidden: 'the name of a mechanism in capitals, such as CRAM-MD5, or "*" for every other',
  waivers: 'probe, until and reason; endpoint, verdict and domains where wanted',
};
