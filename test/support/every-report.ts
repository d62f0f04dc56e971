import {
  compareReports,
  type Probe,
  pluginStateOf,
  type Report,
  toHtml,
  toJson,
  toJunit,
  toMarkdown,
  toNagios,
  toSarif,
  toTerminal,
} from '../../src/index.ts';

/** The report in every format. */
export function renderAll(report: Report, probes: readonly Probe[]): string[] {
  return [
    toTerminal(report, { width: 80, color: false, transcript: true }),
    toHtml(report),
    toJson(report),
    toJunit(report),
    toMarkdown(report),
    toNagios(report),
    toSarif(report, probes),
    String(pluginStateOf(report)),
    JSON.stringify(compareReports(report, report)),
  ];
}
