import { styleOfPaper } from './style-paper.ts';
import { styleOfPictures } from './style-pictures.ts';

/**
 * Colours once for light and once for dark, each at 4.5 to 1 at least on its ground (WCAG 2.2, 1.4.3). `on-x` is
 * written upon `x`; the lighter a finding, the fainter its colour, and a note has none of the red.
 */
const colours = `
:root {
  color-scheme: light dark;
  --ground: #fbfaf8; --raised: #f2f0eb; --card: #fff; --ink: #1f1d1a; --faint: #645f57; --rule: #d8d3c9;
  --bad: #a1201a; --doubt: #7a5300; --good: #1f6437; --link: #1d4f8f; --mark: #f8e9bd; --edge-shade: #b9b3a8;
  --critical: #8f1212; --on-critical: #fff; --high: #bd3414; --on-high: #fff; --medium: #f9d6bf; --on-medium: #742705;
  --warning: #f6e3a8; --on-warning: #5f4200; --note: #e1e7ee; --on-note: #3f4f63; --pass: #d6ebdb; --on-pass: #1c5c33;
  --medium-edge: #d4743a; --warning-edge: #cda12c; --note-edge: #a3b3c6; --pass-edge: #6fa982;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #171614; --raised: #24221f; --card: #1d1b19; --ink: #e9e5dd; --faint: #a8a297; --rule: #3a3732;
    --bad: #ff938a; --doubt: #eabb5c; --good: #8ccf9f; --link: #9cc3f5; --mark: #382f13; --edge-shade: #5a554d;
    --critical: #c01823; --on-critical: #fff; --high: #b4440f; --on-high: #fff; --medium: #56301b; --on-medium: #ffbf9e;
    --warning: #43370f; --on-warning: #f0c566; --note: #2c333c; --on-note: #b9c7d8; --pass: #1f3828; --on-pass: #9ad9ac;
    --medium-edge: #a9602f; --warning-edge: #8a6d1f; --note-edge: #56657a; --pass-edge: #3f7552;
  }
}
.critical, .broken { --weight: var(--critical); --on-weight: var(--on-critical); --edge: var(--critical); }
.high { --weight: var(--high); --on-weight: var(--on-high); --edge: var(--high); }
.medium { --weight: var(--medium); --on-weight: var(--on-medium); --edge: var(--medium-edge); }
.warning, .untold { --weight: var(--warning); --on-weight: var(--on-warning); --edge: var(--warning-edge); }
.note { --weight: var(--note); --on-weight: var(--on-note); --edge: var(--note-edge); }
.pass, .none { --weight: var(--pass); --on-weight: var(--on-pass); --edge: var(--pass-edge); }
.plain { --weight: var(--raised); --on-weight: var(--faint); --edge: var(--rule); }`;

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
.gist { font-size: 1.25rem; line-height: 1.35; max-width: 46rem; }
.tiles { list-style: none; display: flex; flex-wrap: wrap; gap: 0.5rem; padding: 0; margin: 1rem 0 0; }
.tiles li { min-width: 5.5rem; padding: 0.4rem 0.75rem 0.45rem; border-radius: 6px; background: var(--weight); color: var(--on-weight); font-size: 0.875rem; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.tiles a { display: block; color: inherit; text-decoration: none; }
.tiles a:hover, .tiles a:focus-visible { text-decoration: underline; }
.tiles b { display: block; font-size: 1.5rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.tiles .untold { outline: 1px dashed; outline-offset: -1px; }
.jumps { list-style: none; padding: 0; margin: 1.25rem 0 0; border-top: 1px solid var(--rule); }
.jumps li { display: grid; grid-template-columns: 5.25rem 1fr; gap: 0.75rem; align-items: baseline; padding: 0.35rem 0; border-bottom: 1px solid var(--rule); }
.jumps a { font-weight: 600; } .jumps .chip { justify-self: start; } .jumps small a { font-weight: 400; }
.chip { display: inline-block; font-size: 0.75rem; font-weight: 650; line-height: 1.5; padding: 0 0.5em; border-radius: 4px; background: var(--weight); color: var(--on-weight); white-space: nowrap; vertical-align: 0.08em; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.chip.untold { outline: 1px dashed; outline-offset: -1px; }
p.warning { margin-top: 0.75rem; padding-left: 0.75rem; border-left: 3px solid var(--doubt); }
p.warning::before { content: '! '; color: var(--doubt); font-weight: 700; }
.endpoint { border-top: 1px solid var(--rule); margin-top: 2.5rem; }
.endpoint:only-child { border-top: 0; margin-top: 1.5rem; }
.endpoint .cost { margin-top: 1.5rem; }
.finding, .endpoint { scroll-margin-top: 0.75rem; }
:target { outline: 2px solid var(--link); outline-offset: 3px; }
.heard { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }`;

const findings = `
.finding { margin-top: 1rem; padding: 0.75rem 1rem 0.7rem; border: 1px solid var(--rule); border-left: 4px solid var(--edge); border-radius: 4px; background: var(--card); }
.finding p { margin-top: 0.3rem; }
.finding h3 { font-size: 1.05rem; }
.finding h3 .chip { margin-right: 0.35rem; }
.finding .faint b { font-weight: 600; color: var(--ink); }
.finding.untold { border-left-style: dashed; }
.mark { font-weight: 650; }
.finding .figures p { font-size: 0.8rem; color: var(--faint); }
.proof { margin-top: 0.5rem; padding: 0.35rem 0.6rem; background: var(--raised); border-radius: 3px; }
.finding .proof p { margin: 0; }
.asked { text-indent: -1.6rem; padding-left: 1.6rem; }
.asked abbr { font: 0.85rem/1.5 ui-monospace, 'Liberation Mono', monospace; color: var(--faint); }
.quote { text-indent: -1.6rem; padding-left: 1.6rem; }
.quote abbr { font: 0.85rem/1.5 ui-monospace, 'Liberation Mono', monospace; color: var(--faint); }
.proof .quote samp { font-weight: 700; }
details { margin-top: 0.4rem; }
summary { cursor: pointer; width: fit-content; max-width: 100%; padding: 0.2rem 0; }
.finding summary { font-size: 0.875rem; color: var(--link); }
.finding > details:not([open]) { display: inline-block; margin-right: 1.25rem; }
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
.fix { margin-top: 0.35rem; border: 1px solid var(--rule); border-radius: 4px; }
.fix figcaption { display: flex; gap: 0.75rem; align-items: center; justify-content: space-between; padding: 0.1rem 0.25rem 0.1rem 0.6rem; font-size: 0.8rem; color: var(--faint); }
.paste { padding: 0.3rem 0.6rem; background: var(--raised); }
.paste code { display: block; font-size: 0.78rem; white-space: pre-wrap; overflow-wrap: anywhere; padding-left: 1.5em; text-indent: -1.5em; min-height: 1.5em; }
.copy { font: inherit; padding: 0.1rem 0.6rem; min-height: 1.6rem; color: var(--link); background: var(--ground); border: 1px solid var(--rule); border-radius: 4px; cursor: pointer; }
dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: 0.15rem 1rem; font-size: 0.9rem; margin-top: 0.5rem; }
dt { color: var(--faint); } dd { margin: 0; }
@media (max-width: 34rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: 0.5rem; } body { padding-top: 1rem; } h1 { font-size: 1.5rem; } .gist { font-size: 1.1rem; } .tiles { gap: 0.3rem; } .tiles li { flex: 1 1 auto; min-width: 0; padding: 0.25rem 0.4rem; font-size: 0.8rem; } .tiles b { font-size: 1.2rem; } .jumps li { grid-template-columns: 4.5rem 1fr; gap: 0.5rem; } .finding { padding: 0.6rem 0.7rem; } }`;

const tables = `
.auth h3, .limits h3 { margin-top: 2rem; }
.scroll {
  position: relative; overflow-x: auto; margin-top: 0.75rem; background:
  linear-gradient(to right, var(--ground) 50%, transparent) 0 0 / 1.5rem 100% no-repeat local,
  linear-gradient(to left, var(--ground) 50%, transparent) 100% 0 / 1.5rem 100% no-repeat local,
  linear-gradient(to right, var(--edge-shade), transparent) 0 0 / 0.75rem 100% no-repeat scroll,
  linear-gradient(to left, var(--edge-shade), transparent) 100% 0 / 0.75rem 100% no-repeat scroll;
}
table { border-collapse: collapse; font-size: 0.875rem; overflow-wrap: normal; }
caption { text-align: left; font-weight: 650; padding: 0.25rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.75rem 0.3rem 0; border-bottom: 1px solid var(--rule); }
th { font-weight: 600; }
thead th { color: var(--faint); font-weight: 500; vertical-align: bottom; }
.limits td:not(:nth-child(2)) { white-space: nowrap; }
.endpoints .says { min-width: 14rem; } .endpoints th[scope='row'] { min-width: 8rem; overflow-wrap: anywhere; } .endpoints small { display: block; font-weight: 400; }
.figure { text-align: right; font-variant-numeric: tabular-nums; }
.endpoints thead th:nth-child(n+3) { text-align: right; }
.grid th, .grid td { white-space: nowrap; padding: 0.15rem 0.28rem; }
.grid th:first-child { padding-left: 0; }
.grid thead th { font-size: 0.8rem; }
.grid tbody th code { color: var(--faint); font-weight: 400; padding-left: 0.35rem; }
.grid tbody td { border-left: 1px solid var(--rule); }
.accepted, .works { color: var(--bad); font-weight: 700; }
.refused { color: var(--good); }
.untested, .unknown { color: var(--doubt); }
.grid td.accepted { background: var(--high); color: var(--on-high); print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.grid td.refused { background: var(--pass); color: var(--on-pass); }
@media (max-width: 40rem) {
  .grid tbody th code, .grid .code { display: none; }
  .grid th, .grid td { padding: 0.2rem 0.05rem; } .grid tbody th, .grid thead th { font-size: 0.72rem; }
  .grid tbody td { text-align: center; min-width: 1.1rem; }
  .grid th[scope='colgroup'] { white-space: normal; }
  .grid .sender span { writing-mode: vertical-rl; }
}
.auth .works { color: var(--good); } .auth .works.fault { color: var(--bad); }
.auth .unlisted { color: var(--faint); }`;

/** The whole style on one line, and without characters that HTML escapes: it stands in the page as it is. */
export const style = [colours, text, findings, tables, styleOfPictures, styleOfPaper]
  .join('')
  .replace(/\n\s*/g, ' ')
  .trim();
