import type { Report } from '../model/report.ts';
import type { Verification } from '../model/verification.ts';
import type { Catalogue } from './catalogue.ts';
import type { ReportDiff } from './diff/diff.ts';
import { type Format, formats } from './formats.ts';
import type { RuleText } from './rule-text.ts';
import type { TerminalOptions } from './terminal.ts';

/** What a reporter may go by besides what it is about. */
export interface Rendering extends TerminalOptions {
  /** What the catalogue says of probes. */
  readonly rules: readonly RuleText[];
}

/** Writes one format, in parts that come one after the other. The code that does it is loaded only then. */
export type Reporter<T> = (value: T, rendering: Rendering) => Promise<Iterable<string>>;

/** A kind of document: the formats that it comes in. */
export type Document<T> = Readonly<Partial<Record<Format, Reporter<T>>>>;

export const formatsOf = (document: Document<never>): Format[] =>
  formats.filter((format) => document[format] !== undefined);

export const reportDocument: Document<Report> = {
  terminal: async (report, page) => [(await import('./terminal.ts')).toTerminal(report, page)],
  html: async (report) => (await import('./html.ts')).htmlParts(report),
  markdown: async (report) => [(await import('./markdown.ts')).toMarkdown(report)],
  json: async (report) => (await import('./json.ts')).jsonParts(report),
  sarif: async (report, { rules }) => [(await import('./sarif.ts')).toSarif(report, rules)],
  junit: async (report) => [(await import('./junit.ts')).toJunit(report)],
  nagios: async (report) => [(await import('./nagios.ts')).toNagios(report)],
};

/** The report of a running scan: the events of the stream have been written by the time that it is whole. */
export const scanDocument: Document<Report> = { ...reportDocument, ndjson: async () => [] };

export const diffDocument: Document<ReportDiff> = {
  terminal: async (diff, page) => [(await import('./diff/terminal.ts')).diffToTerminal(diff, page)],
  markdown: async (diff) => [(await import('./diff/markdown.ts')).diffToMarkdown(diff)],
  json: wholeJson,
};

export const verificationDocument: Document<Verification> = {
  terminal: async (verification, page) => [
    (await import('./verify-terminal.ts')).verificationToTerminal(verification, page),
  ],
  markdown: async (verification) => [(await import('./verify-markdown.ts')).verificationToMarkdown(verification)],
  json: wholeJson,
};

export const catalogueDocument: Document<Catalogue> = {
  terminal: async (catalogue, page) => [(await import('./catalogue.ts')).catalogueToTerminal(catalogue, page)],
  markdown: async ({ probes }) => [(await import('./catalogue.ts')).catalogueToMarkdown(probes)],
  json: async ({ probes }) => wholeJson(probes),
};

async function wholeJson(value: unknown): Promise<Iterable<string>> {
  return [`${(await import('./json.ts')).printableJson(value, 2)}\n`];
}
