import { describe, expect, test } from 'vitest';
import { problemsOf, weightsOf } from './checked.ts';

const relay = 'smtpd_relay_restrictions';
const recipient = 'smtpd_recipient_restrictions';

describe('lists of restrictions that smtpd takes', () => {
  test.each([
    `${relay} = permit_mynetworks permit_sasl_authenticated reject_unauth_destination`,
    `${relay} = permit_mynetworks,reject_unauth_destination,,, ,permit`,
    `${relay} = permit_mynetworks\n${recipient} = PERMIT_SASL_AUTHENTICATED, Reject_Unauth_Destination`,
    `${relay} = permit_mx_backup, defer_if_permit`,
    `${relay} = warn_if_reject reject, reject_unauth_destination, permit`,
    `smtpd_restriction_classes = strict\nstrict = reject\n${relay} = strict`,
    `${recipient} = reject_rbl_client zen.example.test=127.0.0.[2..11], check_policy_service unix:private/policy`,
    `${recipient} = check_policy_service { inet:[::1]:10023, timeout=10s, default_action=DUNNO }, sleep 1`,
    `${recipient} = check_recipient_access pcre:{{/x/ REJECT}}, hash:/etc/x, check_sender_access { own:y, default=DUNNO }`,
    'smtpd_client_restrictions = cidr:/etc/x, check_client_access inline:{a=OK}',
    'smtpd_helo_restrictions = reject_unknown_client, check_helo_access static:OK',
    'smtpd_data_restrictions = reject_unauth_pipelining, permit',
    'smtpd_end_of_data_restrictions = check_policy_service inet:127.0.0.1:10028',
    'smtpd_etrn_restrictions = permit_mynetworks, reject',
  ])('%s', (lines) => {
    expect(problemsOf(lines)).toEqual([]);
  });
});

const fatal = 'fatal';
const broken = 'broken';

describe('and that it stumbles over', () => {
  test.each<[string, string, string]>([
    [`${relay} = permit_mynetworks\n${recipient} = permit_sasl_authenticated`, fatal, 'smtpd would not start'],
    [`${relay} =\n${recipient} =`, fatal, 'smtpd would not start'],
    [`${relay} = warn_if_reject reject_unauth_destination`, fatal, 'smtpd would not start'],
    [`${relay} = "permit_mynetworks, reject_unauth_destination"`, fatal, 'smtpd would not start'],
    ['smtpd_restriction_classes = strict', fatal, 'stands for no restrictions'],
    [`${recipient} = check_policy_service private/policy`, fatal, 'is no policy server'],
    [`${recipient} = check_policy_service { unixprivate/policy }`, fatal, 'is no policy server'],
    [`${recipient} = check_recipient_access :x`, fatal, 'is no table'],
    [`${recipient} = reject_unkown_recipient_domain`, broken, 'reject_unknown_recipient_domain'],
    [`${recipient} = reject_unlisted`, broken, 'is no restriction that Postfix knows'],
    [`${recipient} = reject_non_fqdn_sender # x`, broken, 'a comment has a line of its own'],
    [`${recipient} = check_recipient_access, reject`, broken, 'behind check_recipient_access a table has to stand'],
    [`${recipient} = check_recipient_access /etc/x`, broken, 'behind check_recipient_access a table has to stand'],
    [`${recipient} = check_policy_service`, broken, 'wants a server behind it'],
    [`${recipient} = sleep x`, broken, 'wants a number of seconds'],
    ['smtpd_data_restrictions = static:OK', broken, 'wants check_client_access'],
    [`${recipient} = permit, reject_unauth_destination`, broken, 'permit before it decides for everybody'],
    [`${recipient} = reject, permit_mynetworks`, 'odd', 'reject before it decides for everybody'],
    [`${recipient} = reject_rbl_client`, 'odd', 'no domain stands behind it'],
  ])('%s', (lines, weight, message) => {
    expect(problemsOf(lines)[0]).toMatchObject({ weight, message: expect.stringContaining(message) });
  });

  test('quotation marks are told of at either end', () => {
    const messages = problemsOf(`${recipient} = "permit_mynetworks, reject_unauth_destination"`).map(
      ({ message }) => message,
    );
    expect(messages).toHaveLength(2);
    for (const message of messages) expect(message).toContain('quotation marks are part of a word');
  });

  test('the line is that of the list, and of the service that has it', () => {
    expect(problemsOf(`biff = no\n${relay} =\n${recipient} =`)[0]).toMatchObject({ file: 'main.cf', line: 5 });
    const master = `smtp inet n - n - - smtpd\n  -o ${relay}=permit_mynetworks\n`;
    expect(problemsOf('', { master })[0]).toMatchObject({ file: 'master.cf', line: 2, parameter: relay });
  });

  test('without compatibility_level there is no default to keep strangers out since 3.3; who knows which version, knows not', () => {
    const unset = 'compatibility_level = 0';
    expect(weightsOf(unset)).toContain('fatal');
    const printed = `${unset}\n${relay} = \${{$compatibility_level} <level {1} ? {} : {permit_mynetworks, defer_unauth_destination}}`;
    for (const lines of [unset, printed])
      expect(problemsOf(lines).at(0)?.message).toContain('has a default from compatibility_level 1 on');
    expect(weightsOf(unset, { version: '3.2' })).not.toContain('fatal');
    expect(weightsOf(unset, { version: null })).not.toContain('fatal');
  });
});
