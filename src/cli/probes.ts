import { mtaTitles } from '../model/mtas.ts';
import { didYouMean } from '../model/nearest.ts';
import { UsageError } from '../model/usage-error.ts';
import { catalogueDocument } from '../report/documents.ts';
import { oneOf } from '../scan/option-values.ts';
import { writing } from './command.ts';
import { documentOptions } from './document-options.ts';
import type { KnownProbe } from './scanner.ts';
import { writeAll } from './sinks.ts';
import type { Usage } from './usage.ts';

const mtaNames = mtaTitles.map((title) => title.toLowerCase());

const usage: Usage = {
  words: '[id]',
  values: 'probe ids',
  about: 'The catalogue of questions; with an id: why it matters, how it is judged, how to fix it on each server.',
  options: {
    mta: { value: 'name', values: mtaNames, about: `Only the fix for this server: ${mtaNames.join(', ')}` },
    ...documentOptions(catalogueDocument),
  },
  examples: [
    ['', 'all of them'],
    ['open-relay', 'one, with the fix for each server'],
    ['open-relay --mta exim', 'with the fix for Exim alone'],
  ],
};

/** `mxprobe probes`. */
export const command = writing(usage, catalogueDocument, async (given, sinks, io) => {
  const [id, ...others] = given.words;
  const mta = given.one('mta', oneOf(mtaNames));
  if (others.length > 0) throw new UsageError('probes takes one id at a time: mxprobe probes open-relay');
  const probes = (await io.scanner()).probes.map(told).map((probe) => (mta === null ? probe : forOne(probe, mta)));
  await writeAll(id === undefined ? { probes, full: false } : { probes: [find(id, probes)], full: true }, sinks);
  return 0;
});

/** With the lines for one server alone, none where there are none. */
function forOne(probe: KnownProbe, mta: string): KnownProbe {
  const lines = probe.fix[mta];
  return { ...probe, fix: lines === undefined ? {} : { [mta]: lines } };
}

/** What is told of a probe, and not what it is made of. */
const told = ({ data: _data, ...probe }: KnownProbe & { readonly data?: unknown }): KnownProbe => probe;

function find(id: string, probes: readonly KnownProbe[]): KnownProbe {
  const found = probes.find((probe) => probe.id === id);
  if (found !== undefined) return found;
  const ids = probes.map((probe) => probe.id);
  throw new UsageError(`"${id}" is no probe${didYouMean(id, ids)}; mxprobe probes lists them`);
}
