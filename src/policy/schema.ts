import { z } from 'zod';
import { severities } from '../model/judgement.ts';
import { ceilingUnits, everyOther, tlsVersions } from '../model/policy.ts';

/** The form of a policy file, for the probes that there are. Every rule in it is one that JSON Schema knows too. */
export function policyForm(probes: readonly string[]) {
  const probe = z.enum(probes);
  const byProbe = <T extends z.ZodType>(ids: readonly string[], of: (id: string) => T) =>
    z.strictObject(Object.fromEntries(ids.map((id) => [id, of(id).optional()])));
  return z.strictObject({
    $schema: z.string().optional().describe('Where the JSON Schema is, for editors'),
    name: z
      .string()
      .regex(/^[\w .-]{1,80}$/)
      .optional()
      .describe('What reports call it; default: the name of the file'),
    severities: byProbe(probes, () => z.enum(severities))
      .optional()
      .describe('How much a fail weighs, where that differs from the catalogue'),
    ceilings: byProbe(Object.keys(ceilingUnits), (id) =>
      z
        .number()
        .positive()
        .describe(units[id] ?? ''),
    )
      .optional()
      .describe('The most that a limit may allow before it is as good as none'),
    mechanisms: byRole(mechanismRules).optional().describe('AUTH mechanisms that must and must not be there'),
    tls: byRole(tlsRule).optional().describe('Versions of TLS'),
    ports: z
      .record(
        z.string().regex(/^([1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5])$/),
        z.enum(['open', 'closed']),
      )
      .optional()
      .describe('What a port must be; hosts and domains are looked at on these ports too'),
    mustTell: z.array(probe).optional().describe('Probes that must not be inconclusive'),
    waivers: z.array(waiver(probe)).optional().describe('Findings left out of the exit code until a day'),
  });
}

const units: Readonly<Record<string, string>> = ceilingUnits;

/** What a policy file says, once it has the right form. */
export type WrittenPolicy = z.infer<ReturnType<typeof policyForm>>;

/** The JSON Schema (draft 2020-12) of policy files, for editors. */
export function policyJsonSchema(probes: readonly string[]): object {
  return { title: 'mxprobe policy', ...z.toJSONSchema(policyForm(probes), { io: 'input' }) };
}

const mechanism = z.string().regex(/^[A-Z0-9_-]{1,40}$/);
/** One mechanism, or all that `required` does not name. */
const mechanismOrRest = z.string().regex(/^([A-Z0-9_-]{1,40}|\*)$/);
const forbidden = z
  .array(mechanismOrRest)
  .min(1)
  .optional()
  .describe(`Must not be offered; "${everyOther}": every mechanism that is not required`);

const mechanismRules = z.strictObject({
  beforeTls: z.strictObject({ forbidden }).optional().describe('In clear, before STARTTLS'),
  insideTls: z
    .strictObject({
      required: z.array(mechanism).min(1).optional().describe('Must be listed, and not refused'),
      forbidden,
    })
    .optional(),
});

const tlsRule = z.strictObject({
  floor: z.enum(tlsVersions).optional().describe('Everything older must be refused'),
  speaks: z.array(z.enum(tlsVersions)).min(1).optional().describe('Each of these must be accepted'),
});

const waiver = (probe: z.ZodType<string, string>) =>
  z.strictObject({
    probe,
    endpoint: z
      .string()
      .min(1)
      .optional()
      .describe('host, address, host:port or id, or a domain; * for any characters'),
    verdict: z.enum(['fail', 'inconclusive']).optional().describe('What is waived; default fail'),
    domains: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('Of takes-its-mail: whose refusal is waived, * for any characters; another domain counts'),
    until: z.iso.date().describe('The last day on which it holds, as 2026-12-31'),
    reason: z.string().regex(/\S/).describe('Why this is let pass'),
  });

function byRole<T extends z.ZodType>(rule: T) {
  return z.strictObject({ mx: rule.optional(), submission: rule.optional(), submissions: rule.optional() });
}
