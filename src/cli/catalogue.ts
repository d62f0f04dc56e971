import { fixesOf } from '../report/fix-choice.ts';
import { blank, gap, layOut, type Page, type Para } from '../report/layout.ts';
import type { CatalogueEntry } from './library.ts';

/** All probes, one a line. */
export function catalogueText(probes: readonly CatalogueEntry[], page: Page): string {
  const widest = Math.max(...probes.map((probe) => probe.id.length), 0);
  const rows = probes.map(
    ({ id, safety, severity, question }): Para => ({
      lead: [['strong', id.padEnd(widest)], gap, ['plain', safety.padEnd(9)], gap, ['plain', severity.padEnd(8)], gap],
      text: question,
    }),
  );
  return layOut([...rows, blank, { text: 'More of one: mxprobe probes <id>', style: 'faint' }], page);
}

/** One probe in full. */
export function probeText(probe: CatalogueEntry, page: Page): string {
  return layOut(
    [
      { lead: [['strong', probe.id], gap], text: probe.question, hang: 2 },
      { text: `${probe.severity} severity; ${probe.safety}, ${permission(probe)}` },
      ...(probe.needs.length > 0 ? [{ text: `Rests on what ${probe.needs.join(', ')} saw.` }] : []),
      ...section('Why it matters', probe.why),
      ...section('How it is judged', probe.judged),
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

/** The table of the README. */
export function catalogueMarkdown(probes: readonly CatalogueEntry[]): string {
  const rows = probes.map(({ id, question, safety, severity }) => [`\`${id}\``, question, safety, severity]);
  const table = [['id', 'question', 'level', 'severity'], Array.from({ length: 4 }, () => '---'), ...rows];
  return table.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`).join('');
}

function section(title: string, text: string): Para[] {
  return [blank, { lead: [['strong', title]] }, ...(text === '' ? [] : [{ indent: 2, text }])];
}

function permission({ safety }: CatalogueEntry): string {
  return safety === 'intrusive' || safety === 'load' ? `run with --allow ${safety}` : 'run by default';
}
