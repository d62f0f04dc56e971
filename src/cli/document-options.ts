import { type Document, formatsOf } from '../report/documents.ts';
import { colorWhen } from './io.ts';
import type { Option } from './usage.ts';

/** `--format` and `--output` of a command that writes such a document. */
export function documentOptions(
  document: Document<never>,
  group?: string,
): { format: Option; output: Option; color: Option } {
  const values = formatsOf(document);
  const under = group === undefined ? {} : { group };
  return {
    format: {
      ...under,
      value: 'name',
      values,
      about: `${values.join(', ')} (default terminal, or what the name of the file ends in)`,
    },
    output: {
      ...under,
      value: 'file',
      values: 'files',
      about: 'Write it there, whole or not at all; several pairs of --format and --output are allowed',
    },
    color: {
      ...under,
      value: 'when',
      values: colorWhen,
      about: 'Colours on the terminal: auto, always, never (default auto; NO_COLOR and FORCE_COLOR are heard)',
    },
  };
}
