import { confirmed, contradicted, defineRow, notTold, type RowContext } from '../row.ts';
import type { Told } from '../shown.ts';
import { listIn, toldIn, untold } from '../untold.ts';

/** What LF . LF does to a message: it is part of it, it ends it, or the message is refused for it. */
type Deed = 'data' | 'end' | 'refused';

const shows: Readonly<Record<Deed, string>> = {
  data: 'LF . LF is part of a message',
  end: 'LF . LF ends a message',
  refused: 'a message with LF . LF in it is refused',
};

/** `yes` stands for `normalize`, but in the first releases for a refusal; `note` writes it in the log besides. */
const meant: Readonly<Record<string, readonly Deed[]>> = {
  no: ['end'],
  normalize: ['data'],
  note: ['data'],
  yes: ['data', 'refused'],
  reject: ['refused'],
};

/** What a bare LF counts for (smtpd(8), "bare newline"). */
export const forbidBareNewline = defineRow({
  directive: 'smtpd_forbid_bare_newline',
  probes: ['bare-newline'],

  compare(value, context) {
    const deeds = meant[value.toLowerCase()];
    if (deeds === undefined) return notTold(`"${value}" is none of ${Object.keys(meant).join(', ')}`);
    const told = toldIn(context.shown, 'bare-newline');
    const deed = told === null ? null : deedIn(told);
    if (told === null || deed === null) return untold(context.shown, 'bare-newline', 'what LF . LF does was not told');
    const { evidence } = told;
    if (deeds.includes(deed)) return confirmed(shows[deed], `that is what ${value} comes to`, evidence);
    const spared = deed === 'end' ? sparing(context) : null;
    if (spared !== null) return notTold(spared, shows[deed], evidence);
    return contradicted(
      shows[deed],
      `the file says ${value}: ${deeds.map((one) => shows[one]).join(', or ')}`,
      evidence,
    );
  },
});

/** Null where the probe could not tell it of this variant. */
function deedIn(told: Told): Deed | null {
  const has = (list: string) => listIn(told, list).members.includes('LF.LF');
  if (has('reachable')) return 'end';
  if (has('refused')) return 'refused';
  return has('untold') ? null : 'data';
}

/** That the file spares us its strictness, or may; null where it does not. */
function sparing({ service, us }: RowContext): string | null {
  const exclusions = service.setting('smtpd_forbid_bare_newline_exclusions').value ?? 'unknown';
  const membership = us.isIn(exclusions);
  if (membership === 'out') return null;
  const is = membership === 'unknown' ? 'may be' : 'is';
  return `${us.words} ${is} in smtpd_forbid_bare_newline_exclusions = ${exclusions}: scan from one that is not`;
}
