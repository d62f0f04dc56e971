// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how Postfix writes its own parameters.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../../docker/lab.ts';
import { scenarios } from '../../docker/scenarios/index.ts';
import { type PostfixConfiguration, readPostfix } from '../../src/postfix/configuration.ts';
import { parametersWithDefaults } from '../../src/postfix/defaults.ts';

/**
 * The reader beside the real postconf, on the same files: to the byte, for every parameter whose default we say we
 * know.
 */

const stockMaster = `smtp inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
`;

interface Configuration {
  readonly main: string;
  readonly master?: string;
  /** All that is told of it; nothing where it is left out. */
  readonly problems?: readonly string[];
  /** Told of main.cf, and not of what postconf prints. */
  readonly inFile?: readonly string[];
}

/** Configurations that postconf takes, with what is difficult in them. */
const configurations: Readonly<Record<string, Configuration>> = {
  'nothing but a host name': {
    main: 'myhostname = mx.example.test\n',
    // test/lab/postfix-start.test.ts shows that smtpd ends with it.
    problems: [
      'neither smtpd_relay_restrictions nor smtpd_recipient_restrictions has any of reject_unauth_destination, defer_unauth_destination, reject, defer, defer_if_permit, check_relay_domains that counts: smtpd would not start; smtpd_relay_restrictions has a default from compatibility_level 1 on',
    ],
  },
  'compatibility level 1': { main: 'compatibility_level = 1\nmyhostname = mx.example.test\n' },
  'compatibility level 2': { main: 'compatibility_level = 2\nmyhostname = mx.example.test\n' },
  'compatibility level 3.6': { main: 'compatibility_level = 3.6\nmyhostname = mx\n' },
  'a host name made of the domain': {
    main: 'compatibility_level = 3.6\nmydomain = example.test\nmyhostname = mx.$mydomain\nmyorigin = $mydomain\n',
  },
  'continuation lines with comments and empty lines between': {
    main: `# a comment
myhostname = mx.example.test
smtpd_client_restrictions = permit_mynetworks,
# in the middle
   # also in the middle

\treject_unknown_client_hostname,
  check_client_access   cidr:/etc/postfix/clients   
smtpd_helo_required=yes
smtpd_banner   =    $myhostname   ESMTP # no comment  
smtpd_helo_restrictions =
smtpd_sender_restrictions =

  reject_unknown_sender_domain
compatibility_level = 3.6
`,
  },
  'the last of two counts': {
    main: 'compatibility_level = 3.6\nmyhostname = mx.example.test\nmessage_size_limit = 1\nmessage_size_limit = 2\n',
    inFile: ['"message_size_limit" is set a second time, after line 3: this one counts'],
  },
  'line ends of Windows': {
    main: 'compatibility_level = 3.6\r\nmyhostname = mx.example.test\r\nsmtpd_banner = $myhostname,\r\n  ESMTP\r\nmessage_size_limit = 1\r\n',
  },
  // In parameters that take any text.
  'names in all notations': {
    main: `compatibility_level = 3.6
myhostname = mx.example.test
empty =
a1 = one
b_2 = $a1 two
smtpd_banner = $a1 $(a1) \${a1} \${ a1 } \${b_2}x $b_2.$a1, $$a1 $$$a1 $undefined. \${undefined}|
undisclosed_recipients_header = \${a1?yes}\${empty?yes}\${undefined?yes}\${a1:no}\${empty:no}\${undefined:no}
unverified_sender_reject_reason = \${a1?{yes}:{no}} \${empty?{yes}:{no}} \${ empty ? {yes} : {no} } \${a1 ? {yes} } \${empty: { $b_2 }}
unverified_recipient_reject_reason = \${a1?{x}} \${a1??foo:{b}ar} \${a1?a:b} \${empty::x} \${a1?$(b_2)} $(a1?{x}:{y})
smtpd_sasl_local_domain = \${a1?\${empty?1}\${empty:{2}}} \${stress?{1}:{20}} \${stress?1}\${stress:20}
`,
    problems: ['"smtpd_banner" refers to $undefined, which nothing defines: it stands for nothing'],
  },
  comparisons: {
    main: `compatibility_level = 2
myhostname = mx.example.test
ten = 10
nine = 9
word = ten
smtpd_banner = \${{$ten} == {10}?{a}:{b}} \${{$ten}!={10}?{a}:{b}} \${{$ten} < {$nine} ? {a} : {b}} \${{x$ten} < {x$nine} ? {a} : {b}}
undisclosed_recipients_header = \${{$ten} <= {10}} \${{$ten} > {10}}| \${{$ten}>={010}?{a}} \${{$ten} > {9}:{c}} \${{}=={}?{empty}}
unverified_sender_reject_reason = \${{$ten} <level {9} ? {a} : {b}} \${{3.10} >level {3.9} ? {a} : {b}} \${{3.6.1} >=level {3.6} ? {a} : {b}}
unverified_recipient_reject_reason = \${{\${ten?{$nine}}} == {9} ? {\${{$word} == {ten} ? {deep} : {no}}} : {no}}
smtpd_sasl_local_domain = \${{$ten} == {10}? plain text} \${{a} < {B} ? {a} : {b}}
`,
  },
  'all that a provider sets': {
    main: `compatibility_level = 3.6
myhostname = mx.example.test
mydestination = $myhostname, localhost, texthash:/etc/postfix/domains
mynetworks = 127.0.0.0/8 [::1]/128
relay_domains = $mydestination inline:{example.net=x, { example.org = y z }}
smtpd_restriction_classes = greylist
greylist = check_policy_service { inet:127.0.0.1:10023, timeout=10s, default_action=DUNNO }
smtpd_recipient_restrictions = reject_unauth_destination, greylist
smtpd_client_event_limit_exceptions = $mynetworks, 192.0.2.0/24
smtpd_client_connection_limit_exceptions = 192.0.2.1
smtpd_tls_security_level = may
smtpd_tls_cert_file = /etc/ssl/$myhostname.pem
smtpd_sasl_security_options = noanonymous, noplaintext
smtpd_reject_footer = \\c. $localtime, $client_address:$server_name
default_rbl_reply = $rbl_code blocked $rbl_domain\${rbl_reason?; $rbl_reason}
default_process_limit = 7
header_checks = regexp:{{/^x$$/ reject}}
`,
    master: `# the usual
smtp      inet  n       -       n       -       1       postscreen
  -o soft_bounce=yes
smtpd     pass  -       -       n       -       -       smtpd
submission inet n - y - 20 smtpd -v
  -o syslog_name=postfix/$service_name
# a comment
  -o smtpd_tls_security_level=encrypt

  -o { smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination }
  -o mua_client_restrictions=permit_mynetworks,reject
  -o smtpd_client_restrictions=$mua_client_restrictions
  -o {smtpd_banner=$myhostname by $process_name}
  -vo smtpd_helo_required=yes
  -o smtpd_hard_error_limit=\${stress?{2}:{5}}
  -o smtpd_helo_required=no
127.0.0.1:10025 inet n - n - 0 smtpd -o { mynetworks = 127.0.0.0/8 } -o content_filter=
[::1]:smtps inet n - - 60? - smtpd
  -o smtpd_tls_wrappermode=yes
cleanup unix n - n - 0 cleanup
  -o header_checks=
`,
  },
};

/** What hangs on the machine or the build; the rest of `parametersWithDefaults` is to be known. */
const hostsOwn = [
  'address_verify_map',
  'alias_maps',
  'config_directory',
  'daemon_directory',
  'data_directory',
  'local_recipient_maps',
  'mynetworks',
  'postscreen_cache_map',
  'queue_directory',
  'smtpd_client_event_limit_exceptions',
  'smtpd_forbid_bare_newline_exclusions',
  'tls_eecdh_auto_curves',
];
/** Postfix evaluates it late, so postconf shows the expression: the value here is the one in force. */
const shownUnexpanded = ['postscreen_command_time_limit'];

let server: RunningServer;
beforeAll(async () => {
  const hardened = scenarios.find(({ id }) => id === 'hardened');
  if (hardened === undefined) throw new Error('no baseline');
  server = await startServer(hardened);
});
afterAll(async () => server[Symbol.asyncDispose]());

describe.each(Object.entries(configurations))('%s', (_, { main, master = stockMaster, problems = [], inFile = [] }) => {
  let folder: string;
  let ours: PostfixConfiguration;
  const postconf = (...options: string[]) =>
    server.exec(['sh', '-c', `postconf -c ${folder} ${options.join(' ')} 2>/dev/null`]);
  beforeAll(async () => {
    folder = await written(main, master);
    ours = read(main, master);
  });

  test('nothing else is told of it', () => {
    expect(messagesOf(ours)).toEqual([...problems, ...inFile]);
  });

  test('main.cf: as postconf -x', async () => {
    const theirs = parametersOf(await postconf('-x'));
    const service = withoutParameters(main);
    const names = [...new Set([...parametersWithDefaults, ...ours.written.keys()])].filter((name) => theirs.has(name));
    const known = names.filter((name) => service(name) !== null);
    const pick = (value: (name: string) => unknown) =>
      Object.fromEntries(known.filter((name) => !shownUnexpanded.includes(name)).map((name) => [name, value(name)]));
    expect(names.length).toBeGreaterThan(300);
    expect(pick((name) => asPrinted(service(name)))).toEqual(pick((name) => theirs.get(name)));
    expect(names.filter((name) => !known.includes(name)).filter((name) => !hostsOwn.includes(name))).toEqual([]);
  });

  test('services: as postconf -P -x', async () => {
    const theirs = parametersOf(await postconf('-P', '-x'));
    const mine = [...theirs.keys()].flatMap((key) => {
      const [, name = '', parameter = ''] = /^(.*)\/(?:inet|pass)\/([^/]+)$/.exec(key) ?? [];
      const service = ours.services.find((one) => one.name === name);
      return service === undefined ? [] : [[key, service.setting(parameter)] as const];
    });
    expect(mine.map(([key, { value }]) => [key, asPrinted(value)])).toEqual(
      mine.map(([key]) => [key, theirs.get(key)]),
    );
    expect(mine.map(([, { from }]) => from)).toEqual(mine.map(() => 'master'));
    expect(mine).toHaveLength([...theirs.keys()].filter((key) => /\/(inet|pass)\//.test(key)).length);
  });

  test('what postconf prints reads as the files do', async () => {
    const printed = readPostfix(
      { name: 'postconf -n', text: await postconf('-n') },
      { version: '3.7.11', master: { name: 'postconf -M -P', text: `${await postconf('-M')}${await postconf('-P')}` } },
    );
    const folded = readPostfix(
      { name: 'postconf -nf', text: await postconf('-nf') },
      { version: '3.7.11', master: { name: 'postconf -Mf', text: await postconf('-Mf') } },
    );
    const names = parametersWithDefaults.filter((name) => !name.endsWith('_directory'));
    const values = (configuration: PostfixConfiguration) =>
      configuration.services.map(({ name, host, port, maxproc, chroot, setting }) => ({
        name,
        host,
        port,
        maxproc,
        chroot,
        values: Object.fromEntries(names.map((one) => [one, asPrinted(setting(one).value)])),
      }));
    expect(values(printed)).toEqual(values(ours));
    expect(values(folded)).toEqual(values(ours));
  });

  test('and so does everything that postconf prints', async () => {
    const all = readPostfix({ name: 'postconf', text: await postconf() });
    expect(messagesOf(all)).toEqual(problems);
    expect(all.version).toBe('3.7.11');
    const service = all.services[0];
    const theirs = parametersOf(await postconf('-x'));
    const names = [...theirs.keys()].filter((name) => ![...shownUnexpanded, 'process_id'].includes(name));
    expect(names.length).toBeGreaterThan(800);
    const pick = (value: (name: string) => unknown) => Object.fromEntries(names.map((name) => [name, value(name)]));
    expect(pick((name) => asPrinted(service?.setting(name).value))).toEqual(pick((name) => theirs.get(name)));
  });
});

describe('what postconf gives up on', () => {
  test.each([
    ['a name that is not closed', 'smtpd_banner = ${myhostname\n'],
    ['a dollar sign alone', 'smtpd_banner = $ x\n'],
    ['empty braces', 'smtpd_banner = ${}\n'],
    ['a name that refers to itself', 'smtpd_banner = $smtpd_banner\n'],
    ['a bad name', 'smtpd_banner = ${my-name}\n'],
    ['text after the branches', 'smtpd_banner = ${mail_name?{a}:{b}c}\n'],
    ['no operator', 'smtpd_banner = ${{a}{b}?{c}}\n'],
    ['an unknown operator', 'smtpd_banner = ${{a} =~ {b}?{c}}\n'],
    ['no right side', 'smtpd_banner = ${{a} == b?{c}}\n'],
    ['text after a comparison', 'smtpd_banner = ${{a} == {b} c}\n'],
    ['a level that is none', 'smtpd_banner = ${{a} <level {b}?{c}}\n'],
    ['a line without =', 'smtpd_banner\n'],
    ['a line without a name', '= x\n'],
  ])('%s', async (_, line) => {
    const main = `compatibility_level = 3.6\nmyhostname = mx.example.test\n${line}`;
    const folder = await written(main, stockMaster);
    await expect(server.exec(['postconf', '-c', folder, '-x'])).rejects.toThrow(/fatal/);
    const message = line.startsWith('smtpd_banner =')
      ? /^"smtpd_banner" cannot be expanded, and what reads it would not start: /
      : /is not "name = value": Postfix would not start$/;
    expect(read(main, stockMaster).problems).toEqual([
      expect.objectContaining({ line: 3, weight: 'fatal', message: expect.stringMatching(message) }),
    ]);
  });
});

const read = (main: string, master: string) =>
  readPostfix({ name: 'main.cf', text: main }, { version: '3.7.11', master: { name: 'master.cf', text: master } });

/** The values of main.cf, seen from a service that has no parameters of its own. */
function withoutParameters(main: string): (name: string) => string | null {
  const service = read(main, stockMaster).services[0];
  return (name) => service?.setting(name).value ?? null;
}

const messagesOf = ({ problems }: PostfixConfiguration) => problems.map(({ message }) => message);

/** postconf prints one blank for any white space; the server does not. */
const asPrinted = (value: string | null | undefined) => value?.replace(/\s+/g, ' ').trim();

let folders = 0;
async function written(main: string, master: string): Promise<string> {
  folders += 1;
  const folder = `/tmp/configuration-${folders}`;
  const file = (name: string, text: string) =>
    `echo ${Buffer.from(text).toString('base64')} | base64 -d > ${folder}/${name}`;
  // Postfix waits until a file that it reads is two seconds old.
  const old = `touch -d '1 minute ago' ${folder}/*`;
  await server.exec([
    'sh',
    '-c',
    `mkdir ${folder} && ${file('main.cf', main)} && ${file('master.cf', master)} && ${old}`,
  ]);
  return folder;
}

function parametersOf(printed: string): ReadonlyMap<string, string> {
  const lines = printed.split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => [line.replace(/ =.*$/, ''), line.replace(/^.*? = ?/, '')]));
}
