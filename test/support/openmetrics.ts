interface MetricSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly MetricSample[];
}

/** What the samples of a family may be called, behind its name (OpenMetrics 1.0, §5). */
const suffixes: Readonly<Record<string, readonly string[]>> = {
  gauge: [''],
  counter: ['_total', '_created'],
  histogram: ['_bucket', '_count', '_sum', '_created'],
};

/**
 * Reads what `/metrics` says in OpenMetrics 1.0, as far as mxprobe uses it, and throws at the first line that is not
 * so: each family has its HELP and TYPE once and before its samples, nothing stands twice, labels are escaped, and the
 * text ends with `# EOF`.
 */
export function readOpenMetrics(text: string): Map<string, Family> {
  const lines = text.split('\n');
  if (lines.at(-1) !== '' || lines.at(-2) !== '# EOF') throw new Error('it does not end with # EOF');
  const families = new Map<string, Family & { samples: MetricSample[] }>();
  let current: (Family & { samples: MetricSample[] }) | null = null;
  let help: { readonly name: string; readonly text: string } | null = null;
  for (const line of lines.slice(0, -2)) {
    const bad = (why: string) => new Error(`${why}: ${JSON.stringify(line)}`);
    if (/[\p{Cc}\p{Cs}]/u.test(line)) throw bad('a control character');
    const [, word, name = '', rest = ''] = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/.exec(line) ?? [];
    if (word === 'HELP') {
      if (families.has(name)) throw bad('a family twice');
      if (/\\(?![\\n"])/.test(rest)) throw bad('a wrong escape');
      help = { name, text: rest };
      current = null;
    } else if (word === 'TYPE') {
      if (help?.name !== name) throw bad('a TYPE without its HELP');
      if (suffixes[rest] === undefined) throw bad('an unknown type');
      current = { name, type: rest, help: help.text, samples: [] };
      families.set(name, current);
      help = null;
    } else {
      if (current === null) throw bad('a sample outside of its family');
      const sample = readSample(line);
      if (!(suffixes[current.type] ?? []).some((suffix) => sample.name === current?.name + suffix))
        throw bad(`no sample of ${current.name}`);
      current.samples.push(sample);
    }
  }
  for (const family of families.values()) check(family);
  return families;
}

function readSample(line: string): MetricSample {
  const [, name = '', inside, number = ''] =
    /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})? (\S+)$/.exec(line) ?? [];
  if (!/^[+-]?(\d+(\.\d+)?(e[+-]?\d+)?|Inf)$/i.test(number)) throw new Error(`no sample: ${JSON.stringify(line)}`);
  const value = /inf$/i.test(number) ? Number(number.replace(/inf$/i, 'Infinity')) : Number(number);
  return { name, labels: inside === undefined ? {} : readLabels(inside, line), value };
}

function readLabels(inside: string, line: string): Record<string, string> {
  const labels: Record<string, string> = {};
  let rest = inside;
  while (rest !== '') {
    const [all = '', name = '', quoted = ''] =
      /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\n"])*)"(?:,(?=.)|$)/.exec(rest) ?? [];
    if (all === '' || Object.hasOwn(labels, name)) throw new Error(`wrong labels: ${JSON.stringify(line)}`);
    labels[name] = quoted.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
    rest = rest.slice(all.length);
  }
  return labels;
}

function check({ name, type, samples }: Family): void {
  const keys = samples.map((one) => JSON.stringify([one.name, Object.entries(one.labels).toSorted()]));
  if (new Set(keys).size < keys.length) throw new Error(`a sample of ${name} stands twice`);
  if (type !== 'gauge' && samples.some(({ value }) => value < 0)) throw new Error(`${name} is negative`);
  if (type !== 'histogram') return;
  const buckets = samples.filter((one) => one.name === `${name}_bucket`);
  const count = samples.find((one) => one.name === `${name}_count`)?.value;
  if (buckets.some(({ value }, index) => value < (buckets[index - 1]?.value ?? 0)))
    throw new Error(`the buckets of ${name} do not grow`);
  if (buckets.at(-1)?.labels.le !== '+Inf' || buckets.at(-1)?.value !== count)
    throw new Error(`the last bucket of ${name} is not its count`);
}
