import { type Fault, fatal, quoted } from '../problem.ts';
import { keepsOut } from '../restriction-names.ts';
import type { Place, Setting } from '../setting.ts';
import { listOf } from '../values.ts';
import { keepsStrangersOut } from './restriction-lists.ts';
import { mechanismsFault } from './sasl.ts';

interface SmtpdFault {
  readonly parameter: string;
  readonly place: Place | null;
  readonly fault: Fault;
}

/** What smtpd finds wrong in several settings together when it starts. */
export function smtpdFaults(
  setting: (parameter: string) => Setting,
  mechanisms: readonly string[] | null,
): SmtpdFault[] {
  const classes = listOf(setting('smtpd_restriction_classes').value ?? '');
  const empty = classes.filter((name) => setting(name).value === '' || isNowhere(setting(name)));
  const sasl = mechanismsFault(mechanisms, (parameter) => setting(parameter).value);
  return [
    ...empty.map((name) => at(setting('smtpd_restriction_classes'), undefinedClass(name))),
    ...openFault(setting, classes),
    ...(sasl === null ? [] : [at(setting(sasl.parameter), sasl.fault)]),
  ];
}

const at = ({ parameter, place }: Setting, fault: Fault): SmtpdFault => ({ parameter, place, fault });

/** Neither written nor a parameter of Postfix with a default. */
const isNowhere = ({ from, written }: Setting): boolean => from === 'unknown' && written === null;

const undefinedClass = (name: string): Fault =>
  fatal(`${quoted(name)} is in smtpd_restriction_classes and stands for no restrictions: smtpd would not start`);

const relay = 'smtpd_relay_restrictions';
const recipient = 'smtpd_recipient_restrictions';

/** smtpd takes no mail at all where neither list keeps strangers out (SMTPD_ACCESS_README). */
function openFault(setting: (parameter: string) => Setting, classes: readonly string[]): SmtpdFault[] {
  const lists = [setting(relay), setting(recipient)];
  const words = new Map(classes.map((name) => [name, setting(name).value ?? '']));
  if (lists.some(({ value }) => value === null || keepsStrangersOut(value, words))) return [];
  if (classes.some((name) => setting(name).value === null)) return [];
  const written = lists.find(({ place }) => place !== null) ?? setting(relay);
  const level = setting(relay).written?.includes('$compatibility_level')
    ? `; ${relay} has a default from compatibility_level 1 on`
    : '';
  const message = `neither ${relay} nor ${recipient} has any of ${keepsOut.join(', ')} that counts: smtpd would not start${level}`;
  return [at(written, fatal(message))];
}
