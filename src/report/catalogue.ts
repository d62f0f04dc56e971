import type { Safety } from '../model/judgement.ts';
import type { Finding } from '../model/report.ts';
import { fixesOf } from './fix-choice.ts';
import { blank, gap, layOut, type Page, type Para } from './layout.ts';
import type { RuleText } from './rule-text.ts';

/** A probe as the catalogue shows it. */
export interface ProbeText extends RuleText {
  readonly safety: Safety;
  readonly needs: readonly string[];
  readonly fix: NonNullable<Finding['fix']>;
}

export interface Catalogue {
  readonly probes: readonly ProbeText[];
  /** Each in full, or one a line. */
  readonly full: boolean;
}

export function catalogueToTerminal({ probes, full }: Catalogue, page: Page): string {
  return full ? probes.map((probe) => probeText(probe, page)).join('') : overview(probes, page);
}

function overview(probes: readonly ProbeText[], page: Page): string {
  const widest = Math.max(...probes.map((probe) => probe.id.length), 0);
  const rows = probes.map(
    ({ id, safety, severity, question }): Para => ({
      lead: [['strong', id.padEnd(widest)], gap, ['plain', safety.padEnd(9)], gap, ['plain', severity.padEnd(8)], gap],
      text: question,
    }),
  );
  return layOut([...rows, blank, { text: 'More of one: mxprobe probes <id>', style: 'faint' }], page);
}

function probeText(probe: ProbeText, page: Page): string {
  return layOut(
    [
      { lead: [['strong', probe.id], gap], text: probe.question, hang: 2 },
      { text: `${probe.severity} severity; ${probe.safety}, ${permission(probe)}` },
      ...(probe.needs.length > 0 ? [{ text: `Rests on what ${probe.needs.join(', ')} saw.` }] : []),
      ...section('Why it matters', probe.why),
      ...section('How it is judged', probe.judged),
      ...(probe.weighs === undefined ? [] : section('What it weighs', probe.weighs)),
      ...fixesOf(probe.fix).flatMap(({ title, lines }) => [
        blank,
        { lead: [['strong', `Fix for ${title}`]] } as const,
        ...lines.map((text): Para => ({ indent: 2, text, wrap: 'no' })),
      ]),
      ...(probe.refs.length > 0 ? section('Read more', '') : []),
      ...probe.refs.map((text): Para => ({ indent: 2, text, hang: 2 })),
    ],
    page,
  );
}

/** The table of docs/probes.md. */
export function catalogueToMarkdown(probes: readonly ProbeText[]): string {
  const rows = probes.map(({ id, question, safety, severity }) => [`\`${id}\``, question, safety, severity]);
  const table = [['id', 'question', 'level', 'severity'], Array.from({ length: 4 }, () => '---'), ...rows];
  return table.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`).join('');
}

function section(title: string, text: string): Para[] {
  return [blank, { lead: [['strong', title]] }, ...(text === '' ? [] : [{ indent: 2, text }])];
}

function permission({ safety }: ProbeText): string {
  return safety === 'intrusive' || safety === 'load' ? `run with --allow ${safety}` : 'run by default';
}
