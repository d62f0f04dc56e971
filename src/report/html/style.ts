import { styleOfPaper } from './style-paper.ts';
import { styleOfPictures } from './style-pictures.ts';

/** Colours once for light and once for dark, each at 4.5 to 1 at least on its ground (WCAG 2.2, 1.4.3). */
const colours = `
:root {
  color-scheme: light dark;
  --ground: #fbfaf8; --raised: #f2f0eb; --ink: #1f1d1a; --faint: #645f57; --rule: #d8d3c9;
  --bad: #a1201a; --doubt: #7a5300; --good: #1f6437; --link: #1d4f8f; --mark: #f8e9bd;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #171614; --raised: #211f1c; --ink: #e9e5dd; --faint: #a8a297; --rule: #3a3732;
    --bad: #ff938a; --doubt: #eabb5c; --good: #8ccf9f; --link: #9cc3f5; --mark: #382f13;
  }
}`;

const text = `
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  max-width: 60rem; margin: 0 auto; padding: 2rem 1rem 4rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.5 ui-sans-serif, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'Liberation Sans', Arial, sans-serif; overflow-wrap: anywhere;
}
h1, h2, h3, p, dl, figure, pre, ol, ul { margin: 0; }
h1 { font-size: 1.9rem; font-weight: 650; line-height: 1.15; letter-spacing: -0.015em; margin: 0.25rem 0 0.75rem; unicode-bidi: isolate; }
h2 { font-size: 1.3rem; font-weight: 650; line-height: 1.25; margin-top: 2.5rem; unicode-bidi: isolate; }
h3 { font-size: 1rem; font-weight: 650; line-height: 1.35; }
p, li, dd, td, th { unicode-bidi: isolate; }
a { color: var(--link); }
samp, code, pre { font: 0.85rem/1.5 ui-monospace, 'Liberation Mono', Menlo, Consolas, monospace; unicode-bidi: isolate; }
abbr { text-decoration: none; }
.tool, .faint, .cost, .about, small, time { color: var(--faint); }
.tool { font-size: 0.85rem; letter-spacing: 0.04em; }
.faint, .cost, .about, small { font-size: 0.875rem; }
.totals { font-size: 1.15rem; }
p.warning { margin-top: 0.75rem; padding-left: 0.75rem; border-left: 3px solid var(--doubt); }
p.warning::before { content: '! '; color: var(--doubt); font-weight: 700; }
.endpoint { border-top: 1px solid var(--rule); margin-top: 2.5rem; }
.endpoint .cost { margin-top: 1.5rem; }
:target { outline: 2px solid var(--link); outline-offset: 3px; }
.heard { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }`;

const findings = `
.finding { margin-top: 1.5rem; padding-left: 0.9rem; border-left: 3px solid var(--rule); }
.finding p { margin-top: 0.35rem; }
.failure, .broken { border-left-color: var(--bad); }
.finding.warning { border-left-color: var(--doubt); }
.untold { border-left-style: dashed; border-left-color: var(--doubt); }
.waived { border-left-style: dotted; }
.mark { font-weight: 650; }
.pass { border-left-color: var(--good); }
.verdict { font-size: 0.75rem; letter-spacing: 0.06em; text-transform: uppercase; margin-right: 0.35rem; }
.failure .verdict, .broken .verdict { color: var(--bad); }
.finding.warning .verdict { color: var(--doubt); }
.finding.note .verdict { color: var(--faint); }
.untold .verdict { color: var(--doubt); }
.pass .verdict { color: var(--good); }
.severity { font-size: 0.75rem; font-weight: 650; padding: 0 0.4em; border: 1px solid currentColor; border-radius: 3px; color: var(--bad); white-space: nowrap; }
.warning .severity, .severity.warning { color: var(--doubt); } .note .severity, .severity.note { color: var(--faint); }
.quote { text-indent: -1.6rem; padding-left: 1.6rem; }
.quote abbr { font: 0.85rem/1.5 ui-monospace, 'Liberation Mono', monospace; color: var(--faint); }
.quote samp { background: var(--raised); padding: 0.1em 0.25em; }
details { margin-top: 0.4rem; }
summary { cursor: pointer; width: fit-content; max-width: 100%; padding: 0.2rem 0; }
.finding summary { font-size: 0.875rem; color: var(--link); }
.fold, .whole { margin-top: 1rem; }
.fold .finding { margin-left: 0.25rem; }
.lines { list-style: none; padding: 0.5rem 0; margin: 0.35rem 0; background: var(--raised); }
.lines li { font: 0.8rem/1.55 ui-monospace, 'Liberation Mono', Menlo, Consolas, monospace; padding: 0 0.6rem 0 2.2rem; text-indent: -1.6rem; }
.lines samp { font: inherit; white-space: pre-wrap; }
.lines i { font-style: normal; color: var(--faint); }
.lines .us b { color: var(--link); }
.lines .scanner, .lines .skipped, .lines .asking { color: var(--faint); }
.lines .skipped::before, .lines .skipped::after { content: ' … '; }
.lines .asking { padding-top: 0.35rem; font-style: italic; }
.lines .quoted { background: var(--mark); box-shadow: inset 4px 0 var(--doubt); }
.lines .quoted samp { font-weight: 700; }
.fix { margin-top: 0.75rem; border: 1px solid var(--rule); border-radius: 4px; }
.fix figcaption { display: flex; gap: 0.75rem; align-items: center; justify-content: space-between; padding: 0.25rem 0.6rem; font-size: 0.875rem; font-weight: 650; min-height: 2.4rem; }
.paste { overflow-x: auto; padding: 0.5rem 0.6rem; background: var(--raised); }
.paste code { display: block; white-space: pre; overflow-wrap: normal; width: fit-content; min-height: 1.5em; }
.copy { font: inherit; font-weight: 400; min-height: 2rem; padding: 0 0.7rem; color: var(--link); background: var(--ground); border: 1px solid var(--rule); border-radius: 4px; cursor: pointer; }
dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: 0.15rem 1rem; font-size: 0.9rem; margin-top: 0.5rem; }
dt { color: var(--faint); } dd { margin: 0; }
.worst { list-style: none; padding: 0; margin-top: 0.5rem; } .worst li { margin-top: 0.3rem; }
@media (max-width: 34rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: 0.5rem; } body { padding-top: 1rem; } h1 { font-size: 1.5rem; } }`;

const tables = `
section h3 { margin-top: 2rem; }
.scroll { position: relative; overflow-x: auto; margin-top: 0.75rem; }
table { border-collapse: collapse; font-size: 0.875rem; overflow-wrap: normal; }
caption { text-align: left; font-weight: 650; padding: 0.25rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.75rem 0.3rem 0; border-bottom: 1px solid var(--rule); }
th { font-weight: 600; }
thead th { color: var(--faint); font-weight: 500; vertical-align: bottom; }
.endpoints td, .endpoints a, .limits td:not(:nth-child(2)) { white-space: nowrap; }
@media (max-width: 34rem) { .endpoints a { white-space: normal; } .endpoints th[scope='row'] { min-width: 9rem; overflow-wrap: anywhere; } }
.grid th, .grid td { white-space: nowrap; padding: 0.2rem 0.6rem 0.2rem 0; }
.grid thead th { font-size: 0.8rem; }
.grid tbody th code { color: var(--faint); font-weight: 400; padding-left: 0.35rem; }
.grid tbody th { position: sticky; left: 0; background: var(--ground); }
@media (max-width: 34rem) { .grid tbody th code { display: none; } }
.accepted, .works { color: var(--bad); font-weight: 700; }
.refused { color: var(--good); }
.untested, .unknown { color: var(--doubt); }
.auth .works { color: inherit; }
.auth .unlisted { color: var(--faint); }`;

/** The whole style on one line, and without characters that HTML escapes: it stands in the page as it is. */
export const style = [colours, text, findings, tables, styleOfPictures, styleOfPaper]
  .join('')
  .replace(/\n\s*/g, ' ')
  .trim();
