import { nameOf, type Problem } from '../../yaml/problems.ts';

export type Path = readonly PropertyKey[];

/** A mistake in a place; `rest` is what follows its name, behind a colon where it begins with one. */
export const problemAt = (path: Path, rest: string, isKey = false): Problem => ({
  path,
  isKey,
  text: `${nameOf(path, { whole: 'the file' })}${rest.startsWith(':') ? '' : ' '}${rest}`,
});
