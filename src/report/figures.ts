import type { Measured } from '../model/judgement.ts';
import type { Cost } from '../model/report.ts';

/** `1 connection`, `2 connections`. */
export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : noun.endsWith('pass') ? 'es' : 's'}`;
}

/** Names in a row, at most `most` of them. */
export function listed(names: readonly string[], most: number): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

/** Figures in one line a list and one for all that are not lists. */
export function figures(measured: Measured, most: number): string[] {
  const lists: string[] = [];
  const single: string[] = [];
  for (const [name, value] of Object.entries(measured)) {
    if (typeof value !== 'object' || value === null) single.push(`${name}: ${value ?? 'unknown'}`);
    else if (value.length === 0) single.push(`${name}: none`);
    else lists.push(`${name} (${value.length}): ${listed(value, most)}`);
  }
  return single.length > 0 ? [...lists, single.join('; ')] : lists;
}

/** What the server had to bear, in one line. */
export function costLine(cost: Cost): string {
  return [
    counted(cost.connections, 'connection'),
    counted(cost.commands, 'command'),
    `${size(cost.bytesSent)} sent`,
    `${size(cost.bytesReceived)} received`,
    `${cost.seconds.toFixed(2)} s${waited(cost)}`,
  ].join(', ');
}

const waited = ({ waitedSeconds = 0 }: Cost): string =>
  waitedSeconds === 0 ? '' : ` (${waitedSeconds.toFixed(0)} s of it waiting for windows)`;

/** The cost of several endpoints; their seconds run side by side, so the whole takes `seconds`. */
export function sumOf(costs: readonly Cost[], seconds: number): Cost {
  const total = (of: (cost: Cost) => number) => costs.reduce((sum, cost) => sum + of(cost), 0);
  return {
    connections: total((cost) => cost.connections),
    commands: total((cost) => cost.commands),
    bytesSent: total((cost) => cost.bytesSent),
    bytesReceived: total((cost) => cost.bytesReceived),
    seconds,
  };
}

function size(bytes: number): string {
  if (bytes < 1000) return counted(bytes, 'byte');
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
