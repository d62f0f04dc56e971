import { type Trouble, trouble } from '../model/trouble.ts';

/** The one error that means "not a bug of ours": the server, the network or a restraint of ours let a probe down. */
export class TroubleError extends Error {
  readonly trouble: Trouble;

  constructor(trouble: Trouble) {
    super(trouble.because);
    this.name = 'TroubleError';
    this.trouble = trouble;
  }
}

/** Trouble to throw; takes what `trouble` takes. */
export function inTrouble(...told: Parameters<typeof trouble>): TroubleError {
  return new TroubleError(trouble(...told));
}

/** The trouble in what was thrown. Anything else is a bug of ours, and travels on. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof TroubleError) return error.trouble;
  throw error;
}

/** For `catch` where trouble does not matter: a bug still does. */
export function ignoreTrouble(error: unknown): void {
  troubleOf(error);
}

/** What is said where the user ended the scan. */
export const scanEnded = 'the scan was ended before this was answered';

/** Why a scan was ended, where whoever did it says so. */
export const endOf = ({ reason }: AbortSignal): string => (typeof reason === 'string' ? reason : scanEnded);
