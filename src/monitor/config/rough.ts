/** A value of which nothing is known yet: what it does not have is empty, and somebody else says so. */
export type Rough = Readonly<Record<string, unknown>>;

const isMapping = (value: unknown): value is Rough =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const mapping = (value: unknown): Rough => (isMapping(value) ? value : {});

/** Names and the mappings that stand under them. */
export const named = (value: unknown): [name: string, value: Rough][] =>
  Object.entries(mapping(value)).filter((entry): entry is [string, Rough] => isMapping(entry[1]));

export const namesIn = (value: unknown): string[] => Object.keys(mapping(value));

/** Places and what stands there. */
export const listed = (value: unknown): [index: number, value: unknown][] =>
  Array.isArray(value) ? [...value.entries()] : [];

/** The texts of a list, each with its place. */
export const texts = (value: unknown): [index: number, text: string][] =>
  listed(value).filter((entry): entry is [number, string] => typeof entry[1] === 'string');

/** Keys that are there, of those asked for, in the order of the file. */
export const present = (value: Rough, keys: readonly string[]): string[] =>
  Object.keys(value).filter((key) => keys.includes(key) && value[key] !== null);
