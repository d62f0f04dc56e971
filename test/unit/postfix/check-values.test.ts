// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how Postfix writes its own parameters.
import { describe, expect, test } from 'vitest';
import { readPostfix } from '../../../src/postfix/configuration.ts';
import { problemsOf, weightsOf } from './checked.ts';
import { namesStumbledOver, valuesStumbledOver, valuesTaken } from './tried.ts';

describe('values that Postfix takes', () => {
  test.each([...valuesTaken, 'virtual_alias_maps = proxy:mysql:/etc/y pcre:{{/x/ y}} own:z'])('%s', (line) => {
    expect(problemsOf(line)).toEqual([]);
  });
});

test('a value that is the default of this Postfix is no fault, and whatever postconf prints is known', () => {
  const main = `virtual_mailbox_base =
smtpd_per_record_deadline =
service_name =
process_name = postconf
process_id = 7
virtual_transport = virtual`;
  const master = 'smtp inet n - n - - smtpd\nvirtual unix - n n - - virtual\n';
  expect(problemsOf(main, { master })).toEqual([]);
  expect(weightsOf('smtpd_per_record_deadline =', { master, version: '3.6' })).toEqual(['fatal']);
});

test('where a default refers to the name of old that postconf prints no more, it is known', () => {
  const text =
    'myhostname = mx.example.test\nsmtp_per_request_deadline = ${smtp_per_record_deadline?{$smtp_per_record_deadline}:{no}}\n';
  const [service] = readPostfix({ name: 'postconf', text }, { version: '3.7' }).services;
  expect(service?.setting('smtp_per_request_deadline').value).toBe('no');
});

describe('values that Postfix stumbles over', () => {
  test.each(valuesStumbledOver)('%s', (lines, weight, message) => {
    const [problem] = problemsOf(lines);
    expect(problem).toMatchObject({ file: 'main.cf', weight, message: expect.stringContaining(message) });
    expect(problem?.line).toBe(3 + lines.split('\n').length);
  });

  test('of a program that master.cf has', () => {
    const postscreen = 'smtp inet n - n - 1 postscreen\nsmtpd pass - - n - - smtpd\n';
    expect(problemsOf('postscreen_greet_action = nonsense', { master: postscreen })[0]?.message).toContain(
      'postscreen would not start',
    );
    expect(problemsOf('disable_vrfy_command = false', { master: postscreen })[0]?.message).toContain(
      'or postscreen, smtpd would not start',
    );
  });

  test('but not where each service has its own', () => {
    const own = 'smtp inet n - n - - smtpd -o disable_vrfy_command=yes\n';
    expect(problemsOf('disable_vrfy_command = false', { master: own })).toEqual([]);
    const bad = 'smtp inet n - n - - smtpd\n  -o disable_vrfy_command=false\n';
    expect(problemsOf('', { master: bad })).toMatchObject([{ file: 'master.cf', line: 2, weight: 'fatal' }]);
  });

  test('nor where the value hangs on what is not known', () => {
    expect(problemsOf('smtpd_timeout = $mail_release_date', { version: null })).toEqual([]);
    expect(problemsOf('smtpd_banner = $mydomain\nmyhostname = mx.$mydomain', { version: null })).toEqual([
      expect.objectContaining({ weight: 'odd' }),
    ]);
  });
});

test('a comment behind networks is passed over', () => {
  expect(weightsOf('mynetworks = 127.0.0.0/8 # us')).toEqual(['odd']);
});

describe('names', () => {
  test.each(namesStumbledOver)('%s', (lines, weight, message) => {
    expect(problemsOf(lines)).toMatchObject([{ line: 4, weight, message: expect.stringContaining(message) }]);
  });

  test.each([
    ['smtpd_sasl_application_name = x', ['odd']],
    ['slow_destination_rate_delay = 1s', ['odd']],
    ['smtpd_client_ipv6_prefix_length = 64', ['odd']],
    ['smtp_destination_rate_delay = 1s', []],
    ['mine = reject\nsmtpd_restriction_classes = mine', []],
    ['relay_domains = ldap:users\nusers_server_host = x', []],
    ['fallback_relay = x', []],
    ['tlsproxy_client_level = may', []],
  ])('%s', (line, weights) => {
    expect(weightsOf(line)).toEqual(weights);
  });

  test('a byte order mark is a part of the first name', () => {
    const text = '\uFEFFcompatibility_level = 3.6\nmyhostname = mx.example.test\n';
    const { problems, services } = readPostfix({ name: 'main.cf', text }, { version: '3.7' });
    expect(problems[1]).toMatchObject({
      line: 1,
      weight: 'broken',
      message: expect.stringContaining('byte order mark'),
    });
    expect(services[0]?.setting('compatibility_level').value).toBe('0');
    const comment = readPostfix({ name: 'main.cf', text: `\uFEFF# x\n${text.slice(1)}` }, { version: '3.7' });
    expect(comment.problems).toMatchObject([
      { line: 1, weight: 'fatal', message: expect.stringContaining('byte order') },
    ]);
  });
});

describe('mechanisms that options leave empty', () => {
  const auth = 'smtpd_sasl_auth_enable = yes\nsmtpd_sasl_type = dovecot\n';
  test.each([
    ['smtpd_sasl_security_options = noanonymous, noplaintext', 'plain login', 'as soon as somebody connects'],
    ['smtpd_sasl_security_options = mutual_auth', 'plain login', 'as soon as somebody connects'],
    [
      'smtpd_tls_security_level = encrypt\nsmtpd_sasl_tls_security_options = noplaintext',
      'PLAIN',
      'as soon as TLS begins',
    ],
  ])('%s', (lines, mechanisms, when) => {
    const [problem] = problemsOf(auth + lines, { mechanisms });
    expect(problem).toMatchObject({ weight: 'fatal', line: 5 + lines.split('\n').length });
    expect(problem?.message).toContain(when);
  });

  test.each([
    ['smtpd_sasl_security_options = noanonymous, noplaintext', 'plain login cram-md5'],
    ['smtpd_sasl_security_options = noanonymous', 'plain login'],
    ['smtpd_tls_auth_only = yes\nsmtpd_sasl_security_options = noplaintext', 'plain'],
    ['smtpd_sasl_security_options = noanonymous, noplaintext', undefined],
  ])('%s with %s leaves some, or none is known', (lines, mechanisms) => {
    expect(problemsOf(auth + lines, mechanisms === undefined ? {} : { mechanisms })).toEqual([]);
  });
});
