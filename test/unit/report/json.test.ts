import { expect, test } from 'vitest';
import { printableJson, toJson } from '../../../src/report/json.ts';
import { toNdjson } from '../../../src/report/ndjson.ts';
import { endpointReport, finding, report } from './handmade.ts';

test('the report is one document that reads back the same', () => {
  const whole = report([endpointReport([finding('hello', 'pass')])]);
  const text = toJson(whole);
  expect(JSON.parse(text)).toEqual(whole);
  expect(text.endsWith('}\n')).toBe(true);
});

test('an event is one line, whatever is in it', () => {
  const event = { type: 'waiting', because: 'two\nlines\u2028three' };
  const line = toNdjson(event);
  expect(line.trimEnd()).not.toMatch(/[\n\u2028]/);
  expect(JSON.parse(line)).toEqual(event);
});

test('controls and direction marks, which JSON lets through, are written as escapes', () => {
  const value = { text: '\u009b2J \u202egpj \u{e0001} ok é' };
  const text = printableJson(value);
  expect(text).toBe('{"text":"\\u009b2J \\u202egpj \\udb40\\udc01 ok é"}');
  expect(JSON.parse(text)).toEqual(value);
});
