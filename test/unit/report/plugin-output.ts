/** One figure of performance data. */
export interface Figure {
  readonly label: string;
  readonly value: number;
  readonly unit: string;
  readonly warn: string;
  readonly crit: string;
  readonly min: string;
}

const states = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'];

/** `10`, `10:`, `~:10`, `10:20`, `@10:20` (Monitoring Plugins Development Guidelines, "Threshold and Ranges"). */
const range = String.raw`(?:@?(?:(?:~|-?[\d.]+):)?(?:-?[\d.]+)?)`;
/** `'label'=value[UOM];[warn];[crit];[min];[max]` (same, "Performance data"). A quote inside quotes is doubled. */
const figure = new RegExp(
  String.raw`^(?:'((?:[^'=]|'')+)'|([^\s'=]+))=(-?\d+(?:\.\d+)?)(s|us|ms|%|[KMGT]?B|c|)(?:;(${range}))?(?:;(${range}))?(?:;(-?[\d.]*))?(?:;(-?[\d.]*))?(?: |$)`,
);

/**
 * Reads what a plugin prints as strictly as the guidelines have it: one line, printable, `STATUS - text|performance
 * data`. Throws otherwise.
 */
export function readPlugin(output: string): {
  readonly state: number;
  readonly text: string;
  readonly perfdata: Figure[];
} {
  const [, service, word = '', text = '', rest = ''] =
    /^([A-Z]+) ([A-Z]+) - ([^|\n]*)(?:\|([^|\n]*))?\n$/.exec(output) ?? [];
  if (service === undefined || /[^\n\P{C}]/u.test(output) || !states.includes(word))
    throw new Error(`no plugin: ${output}`);
  const perfdata: Figure[] = [];
  for (let left = rest; left !== ''; ) {
    const [whole, quoted, bare, value, unit = '', warn = '', crit = '', min = ''] = figure.exec(left) ?? [];
    if (whole === undefined) throw new Error(`no performance data: ${left}`);
    perfdata.push({ label: quoted?.replaceAll("''", "'") ?? bare ?? '', value: Number(value), unit, warn, crit, min });
    left = left.slice(whole.length);
  }
  return { state: states.indexOf(word), text, perfdata };
}
