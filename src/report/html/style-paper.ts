/**
 * Paper: black on white, and no line is cut off. What is folded unfolds, but for whole dialogues, the dialogues of what
 * passed, and fixes for other servers: these only where the reader has opened them.
 */
export const styleOfPaper = `
@media print {
  @page { size: A4; margin: 15mm; }
  :root {
    color-scheme: light; font-size: 10pt;
    --ground: #fff; --raised: #fff; --ink: #000; --faint: #444; --rule: #999;
    --bad: #8c0f0a; --doubt: #5e4000; --good: #14522b; --link: #000; --mark: #fff;
  }
  body { max-width: none; padding: 0; }
  details:not(.whole, .others, .pass details)::details-content { content-visibility: visible; block-size: auto; display: block; }
  .others:not([open]), .pass details:not([open]), .copy { display: none; }
  .whole:not([open]) summary::after { content: ' (left folded)'; color: var(--faint); }
  a { text-decoration: none; }
  .lines, .paste, .quote samp { border: 1px solid var(--rule); }
  .paste { overflow: visible; }
  .paste code { white-space: pre-wrap; overflow-wrap: anywhere; width: auto; padding-left: 1.5em; text-indent: -1.5em; }
  .scroll { overflow: visible; }
  .endpoints td, .endpoints a { white-space: normal; overflow-wrap: anywhere; }
  .grid, .grid thead th { font-size: 7pt; } .grid code { font-size: 6.5pt; }
  .grid th, .grid td { padding: 0.1rem 0.3rem 0.1rem 0; }
  h2, h3, figcaption, summary, .because, caption { break-after: avoid; }
  tr, .lines li, .quote { break-inside: avoid; }
}`;
