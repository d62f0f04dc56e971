import { createHash } from 'node:crypto';
import type { Report } from '../../model/report.ts';
import { totalWords } from '../report-words.ts';
import { script } from './script.ts';
import { style } from './style.ts';

/** What the page may do: its own style and script, and nothing else. No request leaves it. */
export const contentPolicy = [
  "default-src 'none'",
  `style-src '${hashOf(style)}'`,
  `script-src '${hashOf(script)}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** Title, permissions and style of the page. */
export const Head = ({ report }: { readonly report: Report }) => (
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content={contentPolicy} />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="referrer" content="no-referrer" />
    <meta name="robots" content="noindex" />
    <title>{`${subjectOf(report)}: ${totalWords(report)}`}</title>
    <style>{style}</style>
  </head>
);

/** What the report is about, in a few words. */
export function subjectOf({ targets }: Report): string {
  const [first, ...others] = targets;
  if (first === undefined) return 'no target';
  return others.length === 0 ? first.input : `${targets.length} targets`;
}

/** As a Content Security Policy names a text that may run. */
function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
