import type { Context } from 'hono';
import { UsageError } from '../model/usage-error.ts';
import { htmlOf, Note } from './page.tsx';
import type { WebEnv } from './parts.ts';

/** Pages for what cannot be shown. */
export const notFound = (c: Context<WebEnv>) =>
  htmlOf(
    c,
    <Note title="Not found" text="There is no such page. What is older than the file keeps things is gone." />,
    404,
  );

/** What is in the way of the store is said; a bug of ours is not, for who sees the page is not who mends it. */
export const troubled = (error: Error, c: Context<WebEnv>) =>
  error instanceof UsageError
    ? htmlOf(c, <Note title="Not now" text={`${error.message}.`} />, 503)
    : htmlOf(c, <Note title="An error of ours" text="mxprobe monitor run says on its terminal what it was." />, 500);
