import { createHash } from 'node:crypto';
import { style as styleOfReport } from '../report/html/style.ts';

/** What the pages have besides the look of the report. */
const own = `
body { max-width: 72rem; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px; }
.skip { position: absolute; left: 1rem; top: -4rem; padding: 0.4rem 0.8rem; background: var(--card); border: 1px solid var(--rule); }
.skip:focus { top: 0.5rem; }
.bar { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; align-items: baseline; border-bottom: 1px solid var(--rule); padding-bottom: 0.6rem; margin-bottom: 1.25rem; }
.bar ul { list-style: none; display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; padding: 0; }
.bar a { text-decoration: none; padding: 0.15rem 0; } .bar a:hover { text-decoration: underline; }
.bar [aria-current] { color: var(--ink); font-weight: 650; }
.bar .tool { margin-left: auto; }
main:focus { outline: none; }
.state { display: inline-block; min-width: 5rem; font-size: 0.8125rem; font-weight: 650; padding: 0.05rem 0.55em; border-radius: 4px; background: var(--weight); color: var(--on-weight); white-space: nowrap; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.state.stale, .state.unsure { outline: 1px dashed; outline-offset: -1px; }
.tiles .stale, .tiles .unsure { outline: 1px dashed; outline-offset: -1px; }
.fails { --weight: var(--high); --on-weight: var(--on-high); --edge: var(--high); }
.unsure, .stale { --weight: var(--warning); --on-weight: var(--on-warning); --edge: var(--warning-edge); }
.ok { --weight: var(--pass); --on-weight: var(--on-pass); --edge: var(--pass-edge); }
.paused { --weight: var(--note); --on-weight: var(--on-note); --edge: var(--note-edge); }
.sign { width: 0.8em; height: 0.8em; vertical-align: -0.05em; } .sign path { stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
.wide { width: 100%; } th small { font-weight: 400; } td time { white-space: nowrap; } .monitors td, .monitors th { padding-top: 0.45rem; padding-bottom: 0.45rem; } .monitors small { display: block; }
.nowrap { white-space: nowrap; }
.incidents small { display: block; } a time { color: inherit; } .gist .state { min-width: 0; font-size: 0.875rem; vertical-align: 0.1em; }
.more + .about { margin-top: 0.5rem; } section + .cost { margin-top: 0.75rem; }
.finding h3 a { color: inherit; text-decoration-color: var(--edge); }
@media (max-width: 44rem) {
  .cards thead { display: none; }
  .cards tbody, .cards tr, .cards th, .cards td { display: block; border: 0; padding: 0.1rem 0; }
  .cards tr { border-bottom: 1px solid var(--rule); padding: 0.7rem 0; }
  .cards td[data-name]::before { content: attr(data-name) ': '; color: var(--faint); }
  .cards td[data-name] small { display: inline; } .cards td:empty { display: none; }
  .runs tr { padding: 0.4rem 0; } .runs th, .runs td { display: inline; font-size: 0.8125rem; } .runs th::after, .runs td::after { content: '; '; } .runs td:last-child::after { content: ''; }
  .bar .tool { margin-left: 0; }
}
svg.strip { display: block; width: 100%; height: 1.25rem; background: var(--raised); border-radius: 2px; }
svg.key.strip { display: inline-block; width: 1.25rem; height: 1rem; vertical-align: -0.15rem; background: none; }
.strip rect { fill: var(--edge); } .strip .pass { fill: var(--pass-edge); } .strip .aside { fill: var(--faint); } .strip .waived { fill: var(--ground); stroke: var(--faint); stroke-width: 1; vector-effect: non-scaling-stroke; }
.strip .untold { fill: var(--warning); stroke: var(--warning-edge); stroke-width: 1; vector-effect: non-scaling-stroke; stroke-dasharray: 3 2; }
.strip .days { stroke: var(--rule); stroke-width: 1; vector-effect: non-scaling-stroke; }
.row.all, .rows .row { display: grid; grid-template-columns: minmax(9rem, 16rem) 1fr; gap: 0 1rem; align-items: center; }
.row.all { margin-top: 1rem; } .row.all small { display: block; }
.rows, .rows tbody { display: block; } .rows th, .rows td { border: 0; padding: 0.15rem 0; display: block; overflow-wrap: anywhere; } .rows small { font-weight: 400; }
.sides h3 { margin-top: 0.5rem; }
.fixes summary { font-weight: 600; } pre.fix { margin-top: 0.2rem; }
.place { margin-top: 1.5rem; border-bottom: 1px solid var(--rule); padding-bottom: 0.2rem; margin-bottom: 0.35rem; }
.more [aria-current] { color: var(--ink); font-weight: 650; text-decoration: none; }
.sides { display: grid; gap: 0.5rem 1.5rem; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); }
@media (max-width: 44rem) { .row.all, .rows .row { grid-template-columns: 1fr; padding-bottom: 0.3rem; } }
form { margin-top: 0.75rem; display: grid; gap: 0.6rem; max-width: 32rem; }
form > *, .forms > *, label > * { min-width: 0; }
input, select { width: 100%; } input[type='hidden'] { display: none; }
label { display: grid; gap: 0.15rem; font-size: 0.875rem; color: var(--faint); }
input, select, button[type='submit'] { font: inherit; padding: 0.4rem 0.6rem; min-height: 2.5rem; color: var(--ink); background: var(--card); border: 1px solid var(--faint); border-radius: 4px; }
button[type='submit'] { justify-self: start; cursor: pointer; background: var(--link); color: var(--ground); border-color: var(--link); font-weight: 600; }
.forms { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr)); align-items: start; }
.events { list-style: none; padding: 0; margin-top: 0.5rem; } .events li { display: grid; grid-template-columns: 10.5rem 1fr; gap: 0 0.75rem; padding: 0.3rem 0; border-bottom: 1px solid var(--rule); }
@media (max-width: 34rem) { .events li { grid-template-columns: 1fr; } }
.more { display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; margin-top: 1rem; }
@media print { .bar, .skip, form { display: none; } }`;

/** On one line, and without characters that HTML escapes: it stands in each page as it is. */
export const style = `${styleOfReport}${own.replace(/\n\s*/g, ' ')}`;

/** As a Content Security Policy names it. */
export const styleHash = `sha256-${createHash('sha256').update(style).digest('base64')}`;
