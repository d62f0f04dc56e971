import { everyOther, tlsVersions } from '../model/policy.ts';
import type { Problem } from '../yaml/problems.ts';
import type { WrittenPolicy } from './schema.ts';

/** What no server can meet: two rules of one policy against each other. */
export function contradictions({ mechanisms = {}, tls = {} }: WrittenPolicy): Problem[] {
  const roles = ['mx', 'submission', 'submissions'] as const;
  return roles.flatMap((role) => {
    const { required = [], forbidden = [] } = mechanisms[role]?.insideTls ?? {};
    const both = required.filter((name) => name !== everyOther && forbidden.includes(name));
    const { floor = 'TLSv1', speaks = [] } = tls[role] ?? {};
    const below = speaks.filter((version) => tlsVersions.indexOf(version) < tlsVersions.indexOf(floor));
    return [
      ...both.map((name) => ({
        path: ['mechanisms', role, 'insideTls', 'forbidden', forbidden.indexOf(name)],
        isKey: false,
        text: `mechanisms.${role}.insideTls: ${name} is both required and forbidden: take it out of one of them`,
      })),
      ...below.map((version) => ({
        path: ['tls', role, 'speaks', speaks.indexOf(version)],
        isKey: false,
        text: `tls.${role}: ${version} must be accepted, and is older than the floor, ${floor}: take one of them out`,
      })),
    ];
  });
}
