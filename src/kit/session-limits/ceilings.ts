import type { Policy } from '../../model/policy.ts';

/** What a limit may be at most, by probe id, where the policy does not say; each with its reason. */
const usual = {
  /** The RFC's own least, five minutes (RFC 5321 §4.5.3.2.7), and the default of Postfix, Exim and OpenSMTPD. More serves those who hold sessions. */
  'idle-timeout': 300,
  /** 100 MiB: above the limits of Exim (50 MiB), OpenSMTPD (35 MiB), Postfix (10 MB) and Gmail (25 MB). What is beyond fills disks. */
  'message-size': 104_857_600,
  /** Postfix's default; RFC 5321 §4.5.3.1.8 wants 100 at least. */
  'recipients-per-message': 1000,
} as const;

/** The most that a limit may be. */
export function ceilingOf({ ceilings }: Policy, id: keyof typeof usual): number {
  return ceilings[id] ?? usual[id];
}
