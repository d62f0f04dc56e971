import { didYouMean } from '../model/nearest.ts';
import { UsageError } from '../model/usage-error.ts';
import { readArguments, type Usage } from './arguments.ts';
import { catalogueMarkdown, catalogueText, probeText } from './catalogue.ts';
import { type Io, pageOf } from './io.ts';
import type { CatalogueEntry } from './library.ts';
import { oneOf } from './values.ts';

const formats = ['terminal', 'json', 'markdown'] as const;

export const usage: Usage = {
  command: 'probes',
  words: '[id]',
  values: 'probe ids',
  about: 'The catalogue of questions; with an id: why it matters, how it is judged, how to fix it on each server.',
  options: { format: { value: 'name', values: formats, about: 'terminal, json or markdown (default terminal)' } },
  examples: [
    ['$0', 'all of them'],
    ['$0 open-relay', 'one, with the fix for each server'],
  ],
};

/** `mxprobe probes`. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const read = await readArguments(usage, argv, io.stdout.width);
  if (read.kind === 'help') {
    io.stdout.write(read.text);
    return 0;
  }
  const format = oneOf('format', read.one('format') ?? 'terminal', formats);
  const [id, ...others] = read.words;
  if (others.length > 0) throw new UsageError('probes takes one id at a time: mxprobe probes open-relay');
  const { probes } = await io.library();
  const shown = id === undefined ? probes : [find(id, probes)];
  io.stdout.write(textOf(shown, id === undefined, format, io));
  return 0;
}

function textOf(
  probes: readonly CatalogueEntry[],
  all: boolean,
  format: 'terminal' | 'json' | 'markdown',
  io: Io,
): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(probes, null, 2)}\n`;
    case 'markdown':
      return catalogueMarkdown(probes);
    case 'terminal':
      return all
        ? catalogueText(probes, pageOf(io, null))
        : probes.map((probe) => probeText(probe, pageOf(io, null))).join('');
  }
}

function find(id: string, probes: readonly CatalogueEntry[]): CatalogueEntry {
  const found = probes.find((probe) => probe.id === id);
  if (found !== undefined) return found;
  const ids = probes.map((probe) => probe.id);
  throw new UsageError(`"${id}" is no probe${didYouMean(id, ids)}; mxprobe probes lists them`);
}
