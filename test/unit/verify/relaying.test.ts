import { describe, expect, test } from 'vitest';
import { finding as made } from '../report/handmade.ts';
import { exchange, hello, rowOf, type Shown, stockKeywords, told, untold } from './held.ts';
import { openRelayData, recipientsData } from './observed.ts';

const outside = 'x@outside.example';
const denied = `554 5.7.1 <${outside}>: Relay access denied`;
const at = (quote: string) => [{ session: 's1', event: 0, quote }];

/** What open-relay observed: what the outside recipient and the server's own were told. */
const opening = (rcpt: string, control = '250 2.1.5 Ok', mail = '250 2.1.0 Ok') =>
  openRelayData({
    external: outside,
    mail: exchange('MAIL', mail),
    rcpt: exchange('RCPT', rcpt),
    controls: [{ recipient: 'alice@example.test', exchange: exchange('RCPT', control) }],
  });

function relay(rcpt: string, control?: string, more: Shown = {}): Shown {
  const accepted = rcpt.startsWith('250');
  const finding = made('open-relay', accepted ? 'fail' : 'pass', {
    measured: { accepted: accepted ? ['user>plain'] : [], refused: accepted ? [] : ['user>plain'] },
    evidence: at(rcpt),
  });
  return {
    findings: [finding],
    observations: { 'open-relay': opening(rcpt, control) },
    ...more,
  };
}

const open = relay('250 2.1.5 Ok');
const closed = relay(denied);
const lists = 'permit_mynetworks, permit_sasl_authenticated';
/** smtpd wants a word that keeps strangers out in one of the lists; this one lets them in all the same. */
const permits = 'permit\nsmtpd_recipient_restrictions = defer_if_permit';

describe('smtpd_relay_restrictions', () => {
  const directive = 'smtpd_relay_restrictions';
  test.each<[string, string, Shown, string]>([
    ['refuses, in its words', `${lists}, reject_unauth_destination`, closed, 'confirmed'],
    [
      'refuses for good, and it is deferred',
      `${lists}, reject_unauth_destination`,
      relay(denied.replace('554', '454')),
      'contradicted',
    ],
    ['the default defers', '', relay(denied.replace('554 5', '454 4')), 'confirmed'],
    ['relays all the same', `${lists}, reject_unauth_destination`, open, 'contradicted'],
    ['a policy server may permit it', `check_policy_service { inet:1.2.3.4:5, timeout=1s }, reject`, open, 'not-told'],
    ['permits, and it is taken', permits, open, 'confirmed'],
    [
      'in other words',
      `${lists}, reject`,
      relay(`554 5.7.1 <${outside}>: Recipient address rejected: Access denied`),
      'confirmed',
    ],
    ['of greylisting', `${lists}, reject_unauth_destination`, relay('450 4.2.0 greylisted'), 'not-told'],
    ['not asked', lists, {}, 'not-told'],
    ['cut short', lists, { findings: [untold('open-relay', 'throttled')] }, 'not-told'],
  ])('%s', (_, list, shown, verdict) => {
    expect(told(directive, list === '' ? '' : `${directive} = ${list}`, shown)).toBe(verdict);
  });

  test('a proxy is what may be in front', () => {
    const row = rowOf(directive, `${directive} = ${lists}, reject_unauth_destination`, open);
    expect(row.because).toContain('a proxy or NAT in front?');
    expect(row.evidence[0]?.quote).toBe('250 2.1.5 Ok');
  });
});

describe('smtpd_recipient_restrictions', () => {
  const directive = 'smtpd_recipient_restrictions';
  test.each<[string, string, Shown, string]>([
    ['empty: the other list refuses', '', relay(denied.replace('554 5', '454 4')), 'not-visible'],
    [
      'refuses, in its words',
      `smtpd_relay_restrictions = permit\n${directive} = ${lists}, reject_unauth_destination`,
      closed,
      'confirmed',
    ],
    ['refuses, and is not in force', `${directive} = ${lists}, reject_unauth_destination`, open, 'contradicted'],
  ])('%s', (_, main, shown, verdict) => {
    expect(told(directive, main, shown)).toBe(verdict);
  });
});

describe('smtpd_client_restrictions', () => {
  const directive = 'smtpd_client_restrictions';
  const blocked = relay(
    '554 5.7.1 <u[192.0.2.9]>: Client host rejected: Access denied',
    '554 5.7.1 <u[192.0.2.9]>: Client host rejected: Access denied',
  );
  test.each<[string, string, Shown, string]>([
    ['refuses us', 'permit_sasl_authenticated, reject', blocked, 'confirmed'],
    ['should refuse us', 'permit_sasl_authenticated, reject', closed, 'contradicted'],
    ['is empty', '', closed, 'confirmed'],
    ['is empty, and we are refused', '', blocked, 'contradicted'],
    ['a table may refuse us', 'check_client_access hash:/etc/x', blocked, 'not-told'],
    ['a table may let us pass', 'check_client_access hash:/etc/x, reject', closed, 'not-told'],
    ['not asked', '', {}, 'not-told'],
  ])('%s', (_, list, shown, verdict) => {
    expect(told(directive, `${directive} = ${list}`, shown)).toBe(verdict);
  });
});

describe('mynetworks', () => {
  test.each<[string, string, Shown, string]>([
    ['we are not in it, and not trusted', '127.0.0.0/8', closed, 'confirmed'],
    ['we are not in it, and trusted', '127.0.0.0/8', open, 'contradicted'],
    ['it holds everybody, and we are trusted', '0.0.0.0/0', open, 'confirmed'],
    ['it holds everybody, and we are not', '0.0.0.0/0', closed, 'contradicted'],
    ['trusted by the user, and by the server', '10.0.0.0/8', { ...open, options: { vantage: 'trusted' } }, 'not-told'],
    ['trusted by the user only', '10.0.0.0/8', { ...closed, options: { vantage: 'trusted' } }, 'not-told'],
    ['not asked', '127.0.0.0/8', {}, 'not-told'],
  ])('%s', (_, value, shown, verdict) => {
    expect(told('mynetworks', `mynetworks = ${value}`, shown)).toBe(verdict);
  });

  test('a private address of ours may be another one there', () => {
    const here = { localAddress: '10.0.0.9', remoteAddress: '10.0.0.1' };
    const observations = { ...closed.observations, hello: hello(stockKeywords, here) };
    const inside = { ...closed, options: { vantage: null }, observations };
    expect(rowOf('mynetworks', 'mynetworks = cidr:/etc/x', inside)).toMatchObject({
      verdict: 'not-told',
      because: expect.stringContaining('--vantage'),
    });
  });

  test('style does not count beside it', () => {
    expect(told('mynetworks_style', 'mynetworks_style = subnet', closed)).toBe('not-visible');
  });
});

describe.each(['mydestination', 'relay_domains'] as const)('%s', (directive) => {
  const table = directive === 'mydestination' ? 'local' : 'relay';
  const other = directive === 'mydestination' ? 'relay' : 'local';
  const asked = (domain: string, ...texts: readonly string[]): Shown => ({
    ...closed,
    observations: {
      ...closed.observations,
      'rcpt-oracle': recipientsData(domain, texts),
    },
  });
  const unknown = (where: string) =>
    `550 5.1.1 <a@d.test>: Recipient address rejected: User unknown in ${where} recipient table`;
  test.each<[string, string, Shown, string]>([
    ['asked for, and there', 'd.test', asked('d.test', '250 2.1.5 Ok', unknown(table)), 'confirmed'],
    ['asked for, and taken whole', 'd.test', asked('d.test', '250 2.1.5 Ok'), 'confirmed'],
    ['asked for, and another kind', 'd.test', asked('d.test', unknown(other)), 'contradicted'],
    ['asked for, and refused', 'd.test', asked('d.test', '454 4.7.1 <a@d.test>: Relay access denied'), 'contradicted'],
    ['not in the file, and there', 'c.test', asked('d.test', unknown(table)), 'contradicted'],
    [
      'not in the file, and refused',
      'c.test',
      asked('d.test', '454 4.7.1 <a@d.test>: Relay access denied'),
      'confirmed',
    ],
    [
      'another was asked for',
      'c.test',
      asked('d.test', unknown('virtual mailbox').replace('recipient table', 'table')),
      'not-told',
    ],
    ['nothing was asked', 'd.test', {}, 'not-told'],
    ['of a list in a file', '/etc/domains', asked('d.test', unknown(table)), 'not-told'],
  ])('%s', (_, value, shown, verdict) => {
    expect(told(directive, `${directive} = ${value}`, shown)).toBe(verdict);
  });

  test('a server that takes everything says nothing of its domains', () => {
    const everything = { ...asked('d.test', '250 2.1.5 Ok'), findings: open.findings ?? [] };
    expect(told(directive, `${directive} = d.test`, everything)).toBe('not-told');
  });
});
