import type { SmtpdService } from '../postfix/configuration.ts';
import { isYes, secondsOf } from '../postfix/values.ts';

/** Whole numbers as Postfix writes them; null where it is none. */
export function numberOf(value: string): number | null {
  return /^\d+$/.test(value.trim()) ? Number(value.trim()) : null;
}

/** Seconds of a time value such as `300s`, `5m`; null where it is none. */
export const timeOf = (value: string): number | null => secondsOf(value.trim());

/** Whether a switch is on for a service; what is not known is not on. */
export const isOn = (service: SmtpdService, parameter: string): boolean =>
  isYes(service.setting(parameter).value ?? '') === true;
