import type { Measured } from '../../model/judgement.ts';

type Figure = Measured[string] | undefined;

/** Figures of a finding by their kind; a figure that is not there, or of another kind, is not drawn. */
export const textsOf = (figure: Figure): readonly string[] => (Array.isArray(figure) ? figure : []);

export const textOf = (figure: Figure): string | null => (typeof figure === 'string' ? figure : null);

export const numberOf = (figure: Figure): number | null => (typeof figure === 'number' ? figure : null);
