// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how Postfix writes its own parameters.
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../../src/model/usage-error.ts';
import { type PostfixConfiguration, readPostfix } from '../../../src/postfix/configuration.ts';

const main = (text: string) => ({ name: 'main.cf', text });
const master = (text: string) => ({ name: 'master.cf', text });
const serviceOf = (configuration: PostfixConfiguration, name: string) => {
  const service = configuration.services.find((one) => one.name === name);
  if (service === undefined) throw new Error(`no service ${name}`);
  return service;
};

const hardened = main(`compatibility_level = 3.6
myhostname = mx.example.test
mynetworks = 127.0.0.0/8
smtpd_banner = $myhostname ESMTP $mail_name (Debian)
`);

const settingOf = (text: string, parameter: string, version?: string) =>
  readPostfix(main(text), version === undefined ? {} : { version }).services[0]?.setting(parameter);
const given = (text: string, parameter: string, version?: string) => settingOf(text, parameter, version)?.value;

describe('a setting', () => {
  const configuration = readPostfix(hardened, {
    version: '3.7',
    master: master(`# service type private unpriv chroot wakeup maxproc command
smtp inet n - y - - smtpd
submission inet n - n - 0 smtpd
  -o syslog_name=postfix/submission
  -o smtpd_tls_security_level=encrypt
  -o { smtpd_relay_restrictions = permit_sasl_authenticated, reject }
`),
  });
  const smtp = serviceOf(configuration, 'smtp');
  const submission = serviceOf(configuration, 'submission');

  test('comes from main.cf, expanded', () => {
    expect(smtp.setting('smtpd_banner')).toEqual({
      parameter: 'smtpd_banner',
      value: 'mx.example.test ESMTP Postfix (Debian)',
      from: 'main',
      place: { file: 'main.cf', line: 4 },
      written: '$myhostname ESMTP $mail_name (Debian)',
    });
  });

  test('comes from the service before main.cf', () => {
    expect(submission.setting('smtpd_relay_restrictions')).toEqual({
      parameter: 'smtpd_relay_restrictions',
      value: 'permit_sasl_authenticated, reject',
      from: 'master',
      place: { file: 'master.cf', line: 6 },
      written: 'permit_sasl_authenticated, reject',
    });
    expect(smtp.setting('smtpd_relay_restrictions')).toMatchObject({
      value: 'permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination',
      from: 'default',
      place: null,
    });
  });

  test('is unknown where its default hangs on the host', () => {
    const bare = readPostfix(main('compatibility_level = 2\n'), { version: '3.7' });
    expect(bare.services[0]?.setting('mynetworks')).toEqual({
      parameter: 'mynetworks',
      value: null,
      from: 'unknown',
      place: null,
      written: null,
    });
    expect(bare.services[0]?.setting('smtpd_banner')).toMatchObject({ value: null, from: 'default' });
  });

  test('may be empty, which is not the default', () => {
    expect(settingOf('smtpd_relay_restrictions =\n', 'smtpd_relay_restrictions', '3.7')).toMatchObject({
      value: '',
      from: 'main',
    });
  });

  test('is the last where it is set twice', () => {
    const twice = readPostfix(main('message_size_limit = 1\nmydomain = x\nmessage_size_limit = 2\n'));
    expect(twice.services[0]?.setting('message_size_limit')).toMatchObject({
      value: '2',
      place: { file: 'main.cf', line: 3 },
    });
    expect(twice.written.get('message_size_limit')).toEqual({ value: '2', line: 3 });
    expect(twice.problems).toMatchObject([
      {
        file: 'main.cf',
        line: 3,
        weight: 'odd',
        message: '"message_size_limit" is set a second time, after line 1: this one counts',
      },
    ]);
  });

  test('keeps its dollar signs where Postfix does', () => {
    expect(given('smtpd_reject_footer = $localtime $$\n', 'smtpd_reject_footer')).toBe('$localtime $$');
  });

  test('takes the domain from the host name', () => {
    expect(given('myhostname = mx.example.test\n', 'mydestination')).toBe(
      'mx.example.test, localhost.example.test, localhost',
    );
    expect(given('myhostname = mx\n', 'mydomain')).toBe('localdomain');
    expect(given('myhostname = mx.$mydomain\n', 'mydestination')).toBeNull();
    expect(given('smtpd_banner = x\n', 'mydomain')).toBeNull();
  });

  test.each([
    ['smtpd_relay_before_recipient_restrictions', '0', 'no'],
    ['smtpd_relay_before_recipient_restrictions', '3.6', 'yes'],
    ['smtpd_relay_restrictions', '0', ''],
    ['smtpd_relay_restrictions', '1', 'permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination'],
    ['mynetworks_style', '1', 'subnet'],
    ['mynetworks_style', '2', 'host'],
    ['relay_domains', '1', 'example.test'],
    ['relay_domains', '2', ''],
  ])('%s by default, at compatibility level %s', (parameter, level, expected) => {
    expect(given(`compatibility_level = ${level}\nmydestination = example.test\n`, parameter, '3.7')).toBe(expected);
  });

  test('of a version that nobody told is known where all versions agree', () => {
    const text = 'compatibility_level = 2\nmyhostname = mx.example.test\n';
    expect(settingOf(text, 'smtpd_hard_error_limit')).toMatchObject({ value: '20', from: 'default' });
    expect(settingOf(text, 'relay_domains')).toMatchObject({ value: '', from: 'default' });
    expect(settingOf(text, 'smtpd_client_auth_rate_limit')).toMatchObject({ value: '0', from: 'default' });
    expect(settingOf(text, 'smtpd_tls_protocols')).toMatchObject({ value: null, from: 'unknown' });
    expect(
      settingOf(`${text}smtpd_tls_mandatory_protocols = $smtpd_tls_protocols\n`, 'smtpd_tls_mandatory_protocols'),
    ).toMatchObject({ value: null, from: 'main', written: '$smtpd_tls_protocols' });
    expect(settingOf('compatibility_level = 3.6\n', 'smtpd_tls_protocols')).toMatchObject({
      value: '>=TLSv1',
      from: 'default',
    });
  });
});

describe('the version', () => {
  test('is the one that postconf printed', () => {
    const printed = readPostfix(main('mail_version = 3.9.1\n'));
    expect(printed.version).toBe('3.9.1');
    expect(printed.services[0]?.setting('smtpd_forbid_bare_newline').value).toBe('normalize');
    expect(given('mail_version = 3.9.1\nsmtpd_banner = $mail_name $mail_version\n', 'smtpd_banner')).toBe(
      'Postfix 3.9.1',
    );
  });

  test('is the one that is given, before that', () => {
    expect(readPostfix(main('mail_version = 3.9.1\n'), { version: '3.8' }).version).toBe('3.8');
    expect(readPostfix(main('myhostname = a.b\n')).version).toBeNull();
  });

  test('is asked for again where it is none', () => {
    expect(() => readPostfix(hardened, { version: 'three' })).toThrow(
      new UsageError('"three" is no version of Postfix: it is a number such as 3.7 or 3.7.11'),
    );
  });
});

describe('services', () => {
  test('without master.cf there is smtp on port 25', () => {
    const { services, masterGiven } = readPostfix(hardened);
    expect(masterGiven).toBe(false);
    expect(services).toEqual([
      {
        name: 'smtp',
        host: null,
        port: 25,
        type: 'inet',
        program: 'smtpd',
        maxproc: null,
        chroot: null,
        line: null,
        overrides: [],
        setting: expect.any(Function),
      },
    ]);
  });

  test('are those on the network that speak SMTP', () => {
    const { services, masterGiven } = readPostfix(hardened, {
      master: master(`smtp inet n - n - 1 postscreen
smtpd pass - - y - - smtpd
submission inet n - - - 0 /usr/libexec/postfix/smtpd
127.0.0.1:10025 inet n - n - 5 smtpd
[::1]:465 inet n - n - - smtpd
628 inet n - n - - qmqpd
mine inet n - n - - smtpd
pickup unix n - n 60 1 pickup
policy unix - n n - 0 spawn user=nobody argv=/lab/policy -o x=y
`),
    });
    expect(masterGiven).toBe(true);
    expect(services.map(({ setting: _, overrides: __, ...rest }) => Object.values(rest))).toEqual([
      ['smtp', null, 25, 'inet', 'postscreen', 1, false, 1],
      ['smtpd', null, null, 'pass', 'smtpd', null, true, 2],
      ['submission', null, 587, 'inet', 'smtpd', 0, null, 3],
      ['127.0.0.1:10025', '127.0.0.1', 10_025, 'inet', 'smtpd', 5, false, 4],
      ['[::1]:465', '::1', 465, 'inet', 'smtpd', null, false, 5],
      ['mine', null, null, 'inet', 'smtpd', null, false, 7],
    ]);
  });

  test('of two on one port the last counts', () => {
    const twice = readPostfix(hardened, {
      master: master('smtp inet n - n - 1 smtpd\nsmtp inet n - n - 2 smtpd\n25 inet n - n - 3 smtpd\n'),
    });
    expect(twice.services.map(({ name, maxproc }) => [name, maxproc])).toEqual([['25', 3]]);
    expect(twice.problems).toMatchObject([
      { file: 'master.cf', line: 2, message: '"smtp/inet" is there a second time, after line 1: this one counts' },
      { file: 'master.cf', line: 2, message: '"smtp" has the port of a service further down, which counts' },
    ]);
  });

  test('may be switched off in main.cf', () => {
    const off = readPostfix(main('master_service_disable = submission/inet\n'), {
      master: master('smtp inet n - n - - smtpd\nsubmission inet n - n - - smtpd\n'),
    });
    expect(off.services.map(({ name }) => name)).toEqual(['smtp']);
  });
});

const noSetting = 'sets no parameter: it is -o name=value, or -o { name = value }; the service would not start';

describe('what a service sets for itself', () => {
  const overridesOf = (options: string) => {
    const configuration = readPostfix(
      main('compatibility_level = 2\nmua = a\nsmtp_helo_name = $mua\nmyhostname = mx.example.test\n'),
      {
        version: '3.7',
        master: master(`smtp inet n - n - - smtpd ${options}\n`),
      },
    );
    return { setting: serviceOf(configuration, 'smtp').setting, problems: configuration.problems };
  };

  test.each([
    ['-o smtpd_banner=x', 'x', 1],
    ['-osmtpd_banner=x', 'x', 1],
    ['-vo smtpd_banner=x -v', 'x', 1],
    ['-v -o relayhost= -o smtpd_banner=x', 'x', 1],
    ['-o { smtpd_banner = x y }', 'x y', 1],
    ['-o {smtpd_banner=x {y z}}', 'x {y z}', 1],
    ['\n  -o stress=\n# no\n\n  -o smtpd_banner=x=y', 'x=y', 5],
    ['-o smtpd_banner=1 -o smtpd_banner=2', '2', 1],
    ['-o smtpd_banner=$mua,$more -o more=b', 'a,b', 1],
    ['-o smtpd_banner=$service_name.$process_name.${myhostname}', 'smtp.smtpd.mx.example.test', 1],
    ['-o smtpd_banner=${{$mua}=={a}?{x}:{y}}', 'x', 1],
    ['-o { smtpd_banner = ${{$mua} == {a} ? {x y} : {z}} }', 'x y', 1],
  ])('%j', (options, value, line) => {
    const { setting, problems } = overridesOf(options);
    expect(setting('smtpd_banner')).toMatchObject({ value, from: 'master', place: { file: 'master.cf', line } });
    expect(problems).toEqual([]);
  });

  test.each([
    [
      '-o smtpd_banner=a, b',
      '"b" is no option, and the service would not start: in a value of -o white space goes into braces, -o { name = a b }',
    ],
    ['-o smtpd_banner = x', `"-o smtpd_banner" ${noSetting}`],
    ['-v -o', `"-o" ${noSetting}`],
    ['-o { smtpd_banner = x', `"-o { smtpd_banner = x" ${noSetting}`],
    ['-o relayhost=$nobody', '"relayhost" refers to $nobody, which nothing defines: it stands for nothing'],
    ['-o smptd_banner=x', '"smptd_banner" is no parameter of Postfix and has no effect: is smtpd_banner meant?'],
    ['-o smtpd_hide_client_session=yes', '"smtpd_hide_client_session" is unknown to Postfix 3.7: it has no effect'],
  ])('%s', (options, message) => {
    const { problems } = overridesOf(options);
    expect(problems).toMatchObject([{ file: 'master.cf', line: 1, message }]);
  });

  test.each([
    'uucp unix - n n - - pipe flags=Fqhu user=uucp argv=uux -r -n -z -a$sender - $nexthop!rmail ($recipient)',
    'policy unix - n n - 0 spawn user=nobody argv=/usr/bin/policy -o name',
    'uucp unix - n n - - pipe -o syslog_name=uucp flags=Fqhu user=uucp argv=uux',
  ])('is no matter of what pipe(8) and spawn(8) are to run: %s', (line) => {
    const text = `smtp inet n - n - - smtpd\n${line}\n`;
    expect(readPostfix(hardened, { version: '3.7', master: master(text) }).problems).toEqual([]);
  });

  test('may come from postconf -P', () => {
    const { services, problems } = readPostfix(hardened, {
      master: master(`smtp       inet  n       -       n       -       -       smtpd
submission inet  n       -       n       -       -       smtpd -o smtpd_banner=x
    -o syslog_name=postfix/submission
submission/inet/smtpd_banner = from $myhostname
submission/inet/syslog_name = postfix/submission
127.0.0.1:10025/inet/content_filter =
smtp/inet/process_limit = 5
`),
    });
    expect(services.map(({ setting }) => setting('smtpd_banner').value)).toEqual([
      'mx.example.test ESMTP Postfix (Debian)',
      'from mx.example.test',
    ]);
    expect(services[1]?.setting('smtpd_banner').place).toEqual({ file: 'master.cf', line: 4 });
    expect(problems.map(({ line, message }) => [line, message])).toEqual([
      [6, '"127.0.0.1:10025/inet/content_filter" is about a service that is not in the file'],
      [7, '"smtp/inet/process_limit" is a column (postconf -F) and passed over: postconf -M has it'],
    ]);
  });

  test('may come from postconf -P alone, which does not name the services', () => {
    const { services, problems } = readPostfix(hardened, {
      master: master('submission/inet/smtpd_tls_auth_only = yes\n'),
    });
    expect(services.map(({ name, program, setting }) => [name, program, setting('smtpd_tls_auth_only').value])).toEqual(
      [
        ['smtp', 'smtpd', 'no'],
        ['submission', 'smtpd', 'yes'],
      ],
    );
    expect(problems).toMatchObject([
      {
        file: 'master.cf',
        line: null,
        message: 'it has the parameters of services (postconf -P) and not the services: add what "postconf -M" prints',
      },
    ]);
  });
});

const giveMain = 'give main.cf, or what "postconf -n" prints';
const giveMaster = 'give master.cf, or what "postconf -M" prints';

describe('what cannot be read', () => {
  test.each([
    ['', 'main.cf: nothing is set in it: give main.cf, or what "postconf -n" prints'],
    ['# nothing\n', 'main.cf: nothing is set in it: give main.cf, or what "postconf -n" prints'],
    ['title = "x"\n', 'main.cf: no parameter of Postfix is in it: give main.cf, or what "postconf -n" prints'],
    ['{\n  "a": 1\n}\n', `main.cf:1: "{ "a": 1" is not "name = value": ${giveMain}`],
    [
      '# exim\nprimary_hostname = x\ndomainlist local_domains = @\n',
      `main.cf:3: "domainlist local_domains = @" is not "name = value": ${giveMain}`,
    ],
    [
      'smtp inet n - y - - smtpd\n',
      `main.cf:1: "smtp inet n - y - - smtpd" is not "name = value"; it looks like master.cf, which is given as a file of its own: ${giveMain}`,
    ],
    [
      'submission/inet/smtpd_banner = x\n',
      `main.cf:1: "submission/inet/smtpd_banner = x" is not "name = value"; it looks like postconf -P, which is given as the file of services: ${giveMain}`,
    ],
    ['m\0y\0', 'main.cf: it is not a text file in UTF-8'],
  ])('main.cf: %j', (text, message) => {
    expect(() => readPostfix(main(text))).toThrow(new UsageError(message));
  });

  test.each([
    ['', 'master.cf: no service is in it: give master.cf, or what "postconf -M" prints'],
    [
      'smtp inet n - n - smtpd\n',
      `master.cf:1: "smtp inet n - n - smtpd" has 7 columns, and a service has 8, and Postfix would not start: ${giveMaster}`,
    ],
    [
      '# x\nsmtp tcp n - n - - smtpd\n',
      `master.cf:2: "tcp" is no type of service: inet, unix, unix-dgram, fifo or pass, and Postfix would not start: ${giveMaster}`,
    ],
    [
      'myhostname = mx.example.test\n',
      `master.cf:1: "myhostname = mx.example.test" has 3 columns, and a service has 8, and Postfix would not start: ${giveMaster}`,
    ],
    ['s\0', 'master.cf: it is not a text file in UTF-8'],
  ])('master.cf: %j', (text, message) => {
    expect(() => readPostfix(hardened, { master: master(text) })).toThrow(new UsageError(message));
  });
});

describe('problems', () => {
  test.each([
    [
      '  smtpd_helo_required = yes\nmyhostname = x\n',
      [[1, 'a line that begins with white space continues nothing here: Postfix passes it over']],
    ],
    [
      'myhostname = x\npostconf: warning: main.cf: unused parameter: a=b\n',
      [[2, 'this is a message of postconf, not a parameter: "postconf: warning: main.cf: unused parameter: a=b"']],
    ],
    ['relayhost = $x\n', [[1, '"relayhost" refers to $x, which nothing defines: it stands for nothing']]],
    [
      'myhostname = ${x\n',
      [[1, '"myhostname" cannot be expanded, and what reads it would not start: ${ is not closed in "${x"']],
    ],
    ['relayhost = $x\nx = $y\n', [[2, '"x" refers to $y, which nothing defines: it stands for nothing']]],
    [
      'smptd_banner = x\nmyhostname = x\n',
      [[1, '"smptd_banner" is no parameter of Postfix and has no effect: is smtpd_banner meant?']],
    ],
    ['smtpd_banner = ${x?y}$config_directory$smtp_helo_name\n', []],
    ['smtpd_restriction_classes = strict\nstrict = reject\nrelay_domains = ldap:users\nusers_server_host = x\n', []],
    ['myhostname = x\nmyhostname = x\n', []],
  ])('of %j', (text, expected) => {
    expect(readPostfix(main(text)).problems.map(({ line, message }) => [line, message])).toEqual(expected);
  });

  test('a name that only a service defines is defined', () => {
    const { problems } = readPostfix(main('smtpd_client_restrictions = $mine\n'), {
      master: master('smtp inet n - n - - smtpd -o mine=reject\n'),
    });
    expect(problems).toEqual([]);
  });
});
