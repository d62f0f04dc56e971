import fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import type { EndpointReport, Report } from '../../../src/model/report.ts';
import { formatsOf, reportDocument } from '../../../src/report/documents.ts';
import type { Format } from '../../../src/report/formats.ts';
import { toJson } from '../../../src/report/json.ts';
import { toNdjson } from '../../../src/report/ndjson.ts';
import type { ScanEvent } from '../../../src/scan/events.ts';
import { attacks, domainsSaying, hostileText, reportSaying } from './hostile.ts';
import { readPlugin } from './plugin-output.ts';

const rendering = { width: 80, color: false, transcript: true, rules: [] };
const finished = (endpoint: EndpointReport): ScanEvent => ({ type: 'endpoint-finished', endpoint });

async function written(format: Format, report: Report): Promise<string> {
  if (format === 'ndjson') return report.endpoints.map((endpoint) => toNdjson(finished(endpoint))).join('');
  return [...((await reportDocument[format]?.(report, rendering)) ?? [])].join('');
}

/** Fails where a reader of the format would not get through. */
const read: Readonly<Partial<Record<Format, (text: string) => unknown>>> = {
  json: JSON.parse,
  ndjson: (text) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  sarif: JSON.parse,
  junit: (text) => new XMLParser().parse(text, true),
  nagios: readPlugin,
};

/** Cut, as they are long, and not in the middle of a character. */
const cutShort = ['\u{10e60}'.repeat(600), `a${'\u{10e60}'.repeat(600)}`];

test.each<Format>([...formatsOf(reportDocument), 'ndjson'])(
  '%s: no byte of a server gets through that is not shown, and every document can be read',
  async (format) => {
    const isSafe = async (said: string) => {
      for (const report of [reportSaying(said), domainsSaying(said)]) {
        const text = await written(format, report);
        expect(text).not.toMatch(/[^\n\P{C}]|[\u2028\u2029]/u);
        read[format]?.(text);
      }
    };
    for (const said of [...attacks, ...cutShort]) await isSafe(said);
    await fc.assert(fc.asyncProperty(hostileText, isSafe), { numRuns: 100 });
  },
);

test('JSON gives back what was said', () => {
  fc.assert(
    fc.property(hostileText, (said) => {
      const whole = domainsSaying(said);
      expect(JSON.parse(toJson(whole))).toEqual(whole);
    }),
  );
});
