import type { Notification } from 'sarif';
import type { Report } from '../model/report.ts';
import { reportedIn } from '../model/reported.ts';
import { sarifMessage } from './sarif-message.ts';

/** What went wrong with the scan itself: bugs of ours, and targets that led nowhere. */
export function notificationsOf(report: Report): Notification[] {
  const broken = reportedIn(report).flatMap(({ id, findings }) =>
    findings
      .filter(({ verdict }) => verdict === 'error')
      .map(
        ({ probe, because }): Notification => ({
          level: 'error',
          message: sarifMessage([`${id} ${probe} broke down for a bug of ours: ${because}`]),
          associatedRule: { id: probe },
        }),
      ),
  );
  const lost = report.targets
    .filter((target) => target.endpoints.length === 0)
    .map(
      ({ input, notes }): Notification => ({
        level: 'warning',
        message: sarifMessage([`${input} led to no server: ${notes.join('; ') || 'no reason is known'}`]),
      }),
    );
  return [...broken, ...lost];
}
