/**
 * Paper: black on white, and no line is cut off. It has what stands open: sentences, the lines that prove them, the
 * remedies of failures, and what the reader unfolds before. The list of links goes where the findings follow at once.
 */
export const styleOfPaper = `
@media print {
  @page { size: A4; margin: 11mm; }
  :root {
    color-scheme: light; font-size: 8.4pt;
    --ground: #fff; --raised: #fff; --card: #fff; --ink: #000; --faint: #444; --rule: #bbb;
    --bad: #8c0f0a; --doubt: #5e4000; --good: #14522b; --link: #000; --mark: #fff;
    --critical: #8f1212; --on-critical: #fff; --high: #bd3414; --on-high: #fff; --medium: #f9d6bf; --on-medium: #742705;
    --warning: #f6e3a8; --on-warning: #5f4200; --note: #e1e7ee; --on-note: #3f4f63; --pass: #d6ebdb; --on-pass: #1c5c33;
    --medium-edge: #d4743a; --warning-edge: #cda12c; --note-edge: #a3b3c6; --pass-edge: #6fa982;
  }
  body { max-width: none; padding: 0; }
  body { line-height: 1.32; } samp, code, pre, .quote abbr, .asked abbr { line-height: 1.3; font-size: 0.8rem; } .finding p.quote, .finding p.asked { line-height: 1.2; }
  .lighter { display: grid; grid-template-columns: 1fr 1fr; gap: 0.5rem; margin-top: 0.5rem; } .lighter .finding { margin: 0; } .lighter h3 { font-size: 0.95rem; }
  table { font-size: 0.8rem; } th, td { padding-top: 0.1rem; padding-bottom: 0.1rem; } .scroll { margin-top: 0.3rem; }
  .proof { margin-top: 0.25rem; padding: 0.15rem 0.4rem; } .paste code { font-size: 0.72rem; }
  nav.one, .finding .fixes > summary, .copy, .finding > details:not([open]), footer details:not([open]), .whole:not([open]), .unasked:not([open]) small { display: none; }
  .fixes figcaption::before { content: 'Fix for '; white-space: pre; } .fixes figcaption { justify-content: start; gap: 0; }
  a { text-decoration: none; }
  .lines, .proof { border: 1px solid var(--rule); }
  .scroll { overflow: visible; background: none; }
  .endpoints td, .endpoints a { overflow-wrap: anywhere; } .endpoints .says, .endpoints th[scope='row'] { min-width: 0; }
  .grid, .grid thead th { font-size: 7pt; } .grid code { font-size: 6.5pt; }
  .grid th, .grid td { padding: 0 0.3rem; }
  .finding { margin-top: 0.5rem; padding: 0.3rem 0.5rem; } .finding p { margin-top: 0.15rem; } .endpoint, h2, .auth h3, .limits h3 { margin-top: 1rem; } .fold { margin-top: 0.35rem; } summary { padding: 0; } .endpoint .cost { margin-top: 0.35rem; }
  h1 { margin: 0 0 0.2rem; font-size: 1.6rem; } .jumps { margin-top: 0.6rem; } .jumps li { padding: 0.05rem 0; } .tiles { margin-top: 0.5rem; } .tiles li { padding: 0.15rem 0.6rem; }
  h2, h3, figcaption, summary, .because, caption { break-after: avoid; }
  tr, .lines li, .finding, .proof, .fix { break-inside: avoid; }
}`;
