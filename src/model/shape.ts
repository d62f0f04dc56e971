import type { z } from 'zod';

/** The schema library, handed in: a scan itself never loads it, only who reads a saved report. */
export type Zod = typeof z;

/** What a value looks like: the one description from which its type, its reader and its check come. */
export type Shape<S extends z.ZodType = z.ZodType> = (z: Zod) => S;

/** The type that a shape describes, all of it read-only. */
export type Shaped<F extends Shape> = Frozen<z.output<ReturnType<F>>>;

type Frozen<T> = unknown extends T ? T : { readonly [K in keyof T]: Frozen<T[K]> };

/** A moment, as `Date.toISOString` writes it. */
export const momentShape = (z: Zod) =>
  z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'is no date: 2026-01-31T12:00:00.000Z is one');
