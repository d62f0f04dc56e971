import type { Document } from '../../report/documents.ts';
import { printableJson } from '../../report/json.ts';
import { blank, gap, layOut, type Page, type Para, type Style } from '../../report/layout.ts';
import type { Misplaced } from '../../yaml/text.ts';
import type { Checked, CheckedMonitor, CheckedSchedule } from '../checked.ts';
import type { Schedule } from '../config/config.ts';
import { durationText } from '../config/duration.ts';
import { zonedWords } from './zoned.ts';

export const checkDocument: Document<Checked> = {
  terminal: async (checked, page) => [checkText(checked, page)],
  json: async (checked) => [`${printableJson(jsonOf(checked), 2)}\n`],
};

/** What is wrong, one a line; or what is due when, and what may not be as it was meant. */
export const checkText = (checked: Checked, page: Page): string => layOut(paras(checked), page);

/** Of a list of thousands so many lines are told. */
const mostOfGroup = 10;

function paras({ file, mistakes, warnings, monitors }: Checked): Para[] {
  if (mistakes.length > 0) return mistakes.map((one) => placed(file, one, []));
  return [
    ...monitors.flatMap((monitor, index) => monitorParas(monitor, monitors, index)),
    ...warnings.map((one) => placed(file, one, [['warn', 'warning: ']])),
    { lead: [['good', 'ok'], gap], text: summary(file, monitors, warnings.length) },
  ];
}

/** One line each, however long: programs read them. */
const placed = (file: string, { text, place }: Misplaced, before: readonly [Style, string][]): Para => ({
  lead: [['plain', `${file}:${place.line}:${place.column}: `], ...before],
  text,
  wrap: 'no',
});

function summary(file: string, monitors: readonly CheckedMonitor[], warnings: number): string {
  const told = `${file} is in order: ${monitors.length} monitor${monitors.length === 1 ? '' : 's'}`;
  return warnings === 0 ? told : `${told}, ${warnings} warning${warnings === 1 ? '' : 's'}`;
}

function monitorParas(monitor: CheckedMonitor, all: readonly CheckedMonitor[], index: number): Para[] {
  const { name, group, targets, policy, schedules } = monitor;
  const before = index - all.findIndex((one) => one.group === group);
  if (before > mostOfGroup) return [];
  if (before === mostOfGroup) {
    const more = all.filter((one) => one.group === group).length - mostOfGroup;
    return [{ text: `${group}: ${more} more, which --format json lists` }, blank];
  }
  return [
    { lead: [['strong', name], gap], text: `${shortened(targets)}; policy ${policy}` },
    ...schedules.map(scheduleParas),
    blank,
  ];
}

const shortened = (targets: readonly string[]): string =>
  targets.length <= 5 ? targets.join(', ') : `${targets.slice(0, 5).join(', ')} and ${targets.length - 5} more`;

function scheduleParas({ schedule, isDueAtOnce, next }: CheckedSchedule): Para {
  const once = isDueAtOnce ? 'at once where it is new, then ' : '';
  return {
    indent: 2,
    lead: [['plain', schedule.name], gap],
    text: `${whenWords(schedule)}: ${once}${zonedWords(next, schedule.timezone)}`,
    hang: 2,
  };
}

/** Such as `every 1h`, or `17 3 * * SUN in Europe/Berlin, load, from 02:00 to 05:00`. */
function whenWords({ when, timezone, allow, window }: Schedule): string {
  const how = when.kind === 'every' ? `every ${durationText(when.every)}` : when.cron;
  const clock = (minute: number) =>
    [Math.floor(minute / 60), minute % 60].map((n) => String(n).padStart(2, '0')).join(':');
  return [
    timezone === 'UTC' ? how : `${how} in ${timezone}`,
    ...(allow === 'active' ? [] : [allow]),
    ...(window === null ? [] : [`from ${clock(window.from)} to ${clock(window.to)}`]),
  ].join(', ');
}

function jsonOf({ file, at, mistakes, warnings, monitors }: Checked): object {
  const flat = ({ text, place }: Misplaced) => ({ ...place, text });
  return {
    schema: 1,
    kind: 'monitor-check',
    file,
    at: new Date(at).toISOString(),
    mistakes: mistakes.map(flat),
    warnings: warnings.map(flat),
    monitors: monitors.map(({ schedules, ...monitor }) => ({
      ...monitor,
      schedules: schedules.map(({ schedule, isDueAtOnce, next }) => ({
        name: schedule.name,
        when: whenWords(schedule),
        timezone: schedule.timezone,
        allow: schedule.allow,
        isDueAtOnce,
        next: next.map((due) => new Date(due).toISOString()),
      })),
    })),
  };
}
