import fc from 'fast-check';
import { expect, test } from 'vitest';
import { convert } from 'xmlbuilder2';
import type { EndpointReport, Report } from '../../../src/model/report.ts';
import { toJson } from '../../../src/report/json.ts';
import { toJunit } from '../../../src/report/junit.ts';
import { toMarkdown } from '../../../src/report/markdown.ts';
import { toNagios } from '../../../src/report/nagios.ts';
import { toNdjson } from '../../../src/report/ndjson.ts';
import { toSarif } from '../../../src/report/sarif.ts';
import { toTerminal } from '../../../src/report/terminal.ts';
import type { ScanEvent } from '../../../src/scan/events.ts';
import { attacks, hostileText, reportSaying } from './hostile.ts';
import { readPlugin } from './plugin-output.ts';

const finished = (endpoint: EndpointReport): ScanEvent => ({ type: 'endpoint-finished', endpoint });

const formats: Readonly<Record<string, (report: Report) => string>> = {
  terminal: (report) => toTerminal(report, { width: 80, color: false, transcript: true }),
  json: toJson,
  ndjson: (report) => report.endpoints.map((endpoint) => toNdjson(finished(endpoint))).join(''),
  markdown: toMarkdown,
  sarif: (report) => toSarif(report, []),
  junit: toJunit,
  nagios: toNagios,
};

/** Fails where a reader of the format would not get through. */
const read: Readonly<Record<string, (text: string) => unknown>> = {
  json: JSON.parse,
  ndjson: (text) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  sarif: JSON.parse,
  junit: (text) => convert(text, { format: 'object' }),
  nagios: readPlugin,
};

test.each(Object.keys(formats))(
  '%s: no byte of a server gets through that is not shown, and every document can be read',
  (name) => {
    const isSafe = (said: string) => {
      const text = formats[name]?.(reportSaying(said)) ?? '';
      expect(text).not.toMatch(/[^\n\P{C}]|[\u2028\u2029]/u);
      read[name]?.(text);
    };
    attacks.forEach(isSafe);
    fc.assert(fc.property(hostileText, isSafe), { numRuns: 100 });
  },
);

test('JSON gives back what was said', () => {
  fc.assert(
    fc.property(hostileText, (said) => {
      const whole = reportSaying(said);
      expect(JSON.parse(toJson(whole))).toEqual(whole);
    }),
  );
});
