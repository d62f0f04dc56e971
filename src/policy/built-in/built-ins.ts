import { mx } from './mx.ts';
import { nullClient } from './null-client.ts';
import { strict } from './strict.ts';
import { submission } from './submission.ts';

/** The policies that need no file: YAML with the reason of each rule, to be read, and to begin one's own with. */
export const builtIns: Readonly<Record<string, string>> = { mx, submission, 'null-client': nullClient, strict };
