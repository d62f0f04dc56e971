import { renderToString } from 'preact-render-to-string';
import { visible } from '../../model/visible.ts';
import type { AlertItem, AlertMessage } from '../../monitor/alerts/message.ts';
import { sentence } from '../../report/sentence.ts';
import { colours } from './colours.ts';
import { type Row, rowsOf } from './item-rows.ts';
import { placeOf } from './place.ts';
import { standingOf } from './standing.ts';
import { countsOf } from './subject.ts';
import { lineOf, mostLines, mostWhole, testWords } from './text.ts';

/**
 * The message as a page for mail programs, which know few styles, and those only where they stand: no sheet, no
 * picture, no script, nothing that is fetched.
 */
export const htmlOf = (message: AlertMessage): string =>
  `<!doctype html>${visible(renderToString(<Page {...message} />))}`;

const ink = '#1f1d1a';
const faint = '#645f57';
const body = `margin:0;padding:16px;background:#fbfaf8;color:${ink};font:16px/1.5 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif`;
const mono = "font:13px/1.5 ui-monospace,Menlo,Consolas,'Liberation Mono',monospace";
const pre = `${mono};margin:4px 0 0;padding:6px 8px;background:#f2f0eb;color:${ink};white-space:pre-wrap;word-break:break-word`;

function Page(message: AlertMessage) {
  const { kind, items, at } = message;
  const rest = items.slice(mostWhole);
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>mxprobe</title>
      </head>
      <body style={body}>
        <div style="max-width:680px;margin:0 auto">
          {items.length > 1 && <p style="margin:0 0 12px">{countsOf(items)}.</p>}
          {kind === 'test' ? (
            <Test items={items} />
          ) : (
            items.slice(0, mostWhole).map((item) => <Item item={item} message={message} />)
          )}
          {rest.length > 0 && (
            <ul style="margin:12px 0 0;padding:0 0 0 20px">
              {rest.slice(0, mostLines).map((item) => (
                <li>{lineOf(item, at)}</li>
              ))}
              {rest.length > mostLines && <li>and {rest.length - mostLines} more</li>}
            </ul>
          )}
        </div>
      </body>
    </html>
  );
}

const Test = ({ items }: { readonly items: readonly AlertItem[] }) => (
  <div style={card(colours.over)}>
    <p style="margin:0">{sentence(items[0]?.incident.headline ?? 'a test')}</p>
    <p style={`margin:4px 0 0;color:${faint}`}>{testWords}</p>
  </div>
);

const card = (edge: string): string =>
  `margin:0 0 12px;padding:12px 16px;background:#fff;color:${ink};border:1px solid #d8d3c9;border-left:6px solid ${edge}`;

function Item({ item, message }: { readonly item: AlertItem; readonly message: AlertMessage }) {
  const { label, gist, isOver } = standingOf(item, message.at);
  return (
    <div style={card(colours[isOver ? 'over' : item.incident.severity])}>
      <p style={`margin:0;color:${faint}`}>
        <b style={`color:${ink}`}>{label}</b> {placeOf(item.incident)}
      </p>
      <p style="margin:2px 0 8px;font-size:18px;line-height:1.35">{sentence(gist, false)}</p>
      <table role="presentation" cellpadding="0" cellspacing="0" style="width:100%;border-collapse:collapse">
        {rowsOf(item, message).map((row) => (
          <tr>
            <td style={`padding:4px 12px 4px 0;vertical-align:top;white-space:nowrap;color:${faint}`}>{row.label}</td>
            <td style="padding:4px 0;vertical-align:top;width:100%">
              <Said row={row} />
            </td>
          </tr>
        ))}
      </table>
    </div>
  );
}

const Said = ({ row: { text, quotes = [], paste = [], link } }: { readonly row: Row }) => (
  <>
    {text}
    <Lines lines={quotes} />
    <Lines lines={paste} />
    {link !== undefined && <a href={link}>{link}</a>}
  </>
);

/** An element a line: a line end would not be printable. */
const Lines = ({ lines }: { readonly lines: readonly string[] }) =>
  lines.length === 0 ? null : (
    <div style={pre}>
      {lines.map((line) => (
        <div>{line}</div>
      ))}
    </div>
  );
