// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how Postfix writes its own parameters.
import { describe, expect, test } from 'vitest';
import { readPostfix } from '../../../src/postfix/configuration.ts';
import { problemsOf, weightsOf } from './checked.ts';

/** Each of these was tried on Postfix 3.7.11; test/lab/postfix-start.test.ts tries them again. */
describe('values that Postfix takes', () => {
  test.each([
    'disable_vrfy_command = YES',
    'disable_vrfy_command = ${stress?yes}${stress:no}',
    'message_size_limit = 0',
    'message_size_limit = -1',
    'message_size_limit = 9000000000',
    'smtpd_client_connection_rate_limit = +5',
    'smtpd_timeout = 300sec',
    'smtpd_timeout = 5m',
    'smtpd_timeout = 3000w',
    'smtpd_hard_error_limit = ${stress?1}${stress:20}',
    'smtpd_error_sleep_time = 0',
    'smtpd_sasl_type = nonsense',
    'smtpd_tls_security_level =',
    'smtpd_tls_security_level = VERIFY',
    'smtpd_tls_security_level = may\nsmtpd_tls_protocols = >=TLSv1.2, <=0304 !SSLv3:!TLSv1',
    'smtpd_tls_security_level = may\nsmtpd_tls_mandatory_protocols = nonsense',
    'smtpd_sasl_auth_enable = yes\nsmtpd_sasl_type = dovecot\nsmtpd_sasl_security_options = NoAnonymous noplaintext',
    'milter_default_action = nonsense',
    'unknown_address_tempfail_action = DEFER',
    'postscreen_greet_action = nonsense',
    'qmqpd_timeout = nonsense',
    'virtual_mailbox_base =',
    'inet_protocols = ipv4, ipv6',
    'mynetworks = 127.0.0.0/8 [::1]/128 [::ffff:127.0.0.0]/104 !10.0.0.1 hash:/etc/x /etc/networks localhost 192.168.0.*',
    'virtual_alias_maps = hash:/etc/x, proxy:mysql:/etc/y pcre:{{/x/ y}} own:z',
    'smtpd_banner = $myhostname ESMTP # not a comment',
    'luser_relay = $user@other.test',
  ])('%s', (line) => {
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

describe('values that end a program', () => {
  test.each([
    ['disable_vrfy_command = false', 'it is yes or no, or smtpd would not start'],
    ['disable_vrfy_command =', 'it is yes or no'],
    ['disable_vrfy_command = $nobody', '"disable_vrfy_command = $nobody", which comes to ""'],
    ['disable_vrfy_command = no   # let them ask', '"#" and what follows is part of the value'],
    ['smtpd_client_connection_rate_limit = 30    # a minute', 'it is a whole number; "#" and what follows'],
    ['message_size_limit = 10M', 'it is a whole number without a unit: 10485760, or Postfix would not start'],
    ['message_size_limit = 99999999999999999999', 'it is too large'],
    ['smtpd_recipient_limit = 3000000000', 'it is too large: at most 2147483647'],
    ['smtpd_recipient_limit = 0', 'it is at least 1'],
    ['unverified_recipient_reject_code = 600', 'it is at most 599'],
    ['smtpd_timeout = 5x', 'it is a time'],
    ['smtpd_timeout = 5 m', 'it is a time'],
    ['smtpd_timeout = 1.5h', 'it is a time'],
    ['smtpd_timeout = -5', 'it is a time'],
    ['smtpd_timeout =', 'it is a time'],
    ['smtpd_timeout = 0', 'in seconds it is at least 1'],
    ['bounce_queue_lifetime = 200d', 'in seconds it is at most 8640000, or qmgr would not start'],
    ['smtpd_banner =', 'it may not be empty, or smtpd would not start'],
    ['myhostname =', 'it may not be empty, or Postfix would not start'],
    ['smtp_destination_concurrency_limit = x', 'or qmgr would not start'],
    ['smtp_helo_timeout = x', 'or smtp would not start'],
    ['smtpd_sasl_auth_enable = yes\nsmtpd_sasl_type = nonsense', 'is none of cyrus, dovecot: smtpd would not start'],
    [
      'smtpd_sasl_auth_enable = yes\nsmtpd_sasl_security_options = noanonymous, nonsense',
      '"nonsense" in its list is none of noplaintext',
    ],
    ['smtpd_tls_security_level = maybe', 'is none of none, may, encrypt'],
    ['smtpd_tls_security_level = dane', 'is none of none, may, encrypt'],
    ['smtpd_tls_security_level = may # x', 'for a comment has a line of its own'],
    ['unknown_address_tempfail_action = reject', 'is none of defer, defer_if_permit'],
    ['receive_override_options = nonsense', 'in its list is none of'],
    ['smtpd_upstream_proxy_protocol = v2', 'is none of haproxy'],
    ['notify_classes = nonsense', 'in its list is none of'],
    ['inet_protocols = ipv5', 'in its list is none of all, ipv4, ipv6'],
    ['inet_protocols =', 'in its list is none of all, ipv4, ipv6'],
    ['mynetworks = ::1/128', 'an IPv6 address stands in brackets: smtpd would not start'],
    ['mynetworks = !', 'nothing stands behind "!"'],
    ['alias_maps = /etc/aliases', 'is no table, type:name'],
    ['virtual_alias_maps = hash:/etc/x # both', 'is no table, type:name'],
    ['smtpd_banner = $', 'cannot be expanded, and what reads it would not start'],
    ['smtpd_banner = ${x!y}', 'cannot be expanded'],
    ['smtpd_hard_error_limit = $smtpd_hard_error_limit', 'cannot be expanded'],
    ['smtpd_banner', 'is not "name = value": Postfix would not start'],
    ['smtpd banner = x', 'is not "name = value": Postfix would not start'],
  ])('%s', (line, message) => {
    const [problem] = problemsOf(line);
    expect(problem).toMatchObject({ file: 'main.cf', weight: 'fatal', message: expect.stringContaining(message) });
    expect(problem?.line).toBe(3 + line.split('\n').length);
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

describe('values with which Postfix runs and does not work', () => {
  test.each([
    ['smtpd_tls_security_level = may\nsmtpd_tls_protocols = TLSv1.4', 'smtpd switches TLS off with it'],
    ['smtpd_tls_security_level = may\nsmtpd_tls_ciphers = strong', 'no handshake succeeds'],
    ['smtpd_milters = inet:127.0.0.1:1\nmilter_default_action = nonsense', 'smtpd refuses all mail'],
    ['mynetworks = 10.0.0.0/33', 'has a mask of more than 32'],
    ['mynetworks = 10.0.0.1/8', 'behind its first 8 bits it is not zero'],
    ['mynetworks = 300.1.1.1/8', 'has no address that is one'],
    ['mynetworks = 2001:db8::/32', 'an IPv6 address stands in brackets'],
    ['virtual_alias_maps = hahs:/etc/x', 'is hash meant?'],
  ])('%s', (line, message) => {
    expect(problemsOf(line)[0]).toMatchObject({ weight: 'broken', message: expect.stringContaining(message) });
  });

  test('a comment behind networks is passed over', () => {
    expect(weightsOf('mynetworks = 127.0.0.0/8 # us')).toEqual(['odd']);
  });
});

describe('names', () => {
  test.each([
    ['smtp_recipient_restrictions = reject', 'smtpd_recipient_restrictions'],
    ['smtpd_relay_restriction = reject', 'smtpd_relay_restrictions'],
    ['smtpd_tls_cafile = /x', 'smtpd_tls_CAfile'],
    ['smtpd_recipent_limit = 5', 'smtpd_recipient_limit'],
  ])('%s', (line, meant) => {
    expect(problemsOf(line)).toMatchObject([
      { line: 4, weight: 'broken', message: expect.stringContaining(`has no effect: is ${meant} meant?`) },
    ]);
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
