import { cut } from '../report/html/speech.ts';

/** What was said, a line each: `S: 250 Ok`. */
export const Quotes = ({ lines }: { readonly lines: readonly string[] }) =>
  lines.length === 0 ? null : (
    <div class="proof">
      {lines.map((line) => (
        <p class="quote">
          <samp>{cut(line)}</samp>
        </p>
      ))}
    </div>
  );
