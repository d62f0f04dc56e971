import { expect, test } from 'vitest';
import { readOpenMetrics } from '../support/openmetrics.ts';

const good = `# HELP a A gauge
# TYPE a gauge
a{x="q\\"b\\\\n\\n",y=""} 1.5
a 2
# HELP c A counter
# TYPE c counter
c_total{x="1"} 3
# HELP h A histogram
# TYPE h histogram
h_bucket{le="1"} 1
h_bucket{le="+Inf"} 2
h_sum 3.5
h_count 2
# EOF
`;

test('what is right is read', () => {
  const families = readOpenMetrics(good);
  expect([...families.keys()]).toEqual(['a', 'c', 'h']);
  expect(families.get('a')?.samples[0]).toEqual({ name: 'a', labels: { x: 'q"b\\n\n', y: '' }, value: 1.5 });
});

test.each<[string, (text: string) => string]>([
  ['no end', (text) => text.replace('# EOF\n', '')],
  ['something behind the end', (text) => `${text}a 1\n`],
  ['an empty line', (text) => text.replace('\na 2', '\n\na 2')],
  ['a quote that is not escaped', (text) => text.replace('q\\"', 'q"')],
  ['an unknown escape', (text) => text.replace('q\\"', 'q\\t')],
  ['a sample twice', (text) => text.replace('a 2\n', 'a 2\na 3\n')],
  ['a label twice', (text) => text.replace('y=""', 'x=""')],
  ['a family twice', (text) => text.replace('# HELP c A counter\n# TYPE c counter', '# HELP a x\n# TYPE a counter')],
  ['a counter without _total', (text) => text.replace('c_total', 'c')],
  ['a counter below zero', (text) => text.replace('} 3\n', '} -3\n')],
  ['a sample of elsewhere', (text) => text.replace('a 2', 'evil 2')],
  ['a value that is none', (text) => text.replace('a 2', 'a two')],
  ['a type without help', (text) => text.replace('# HELP c A counter\n', '')],
  ['buckets that shrink', (text) => text.replace('le="1"} 1', 'le="1"} 3')],
  ['a count of its own', (text) => text.replace('h_count 2', 'h_count 4')],
  ['a control character', (text) => text.replace('A gauge', 'A\u001bgauge')],
])('%s is not', (_, spoil) => {
  expect(spoil(good)).not.toBe(good);
  expect(() => readOpenMetrics(spoil(good))).toThrow();
});
