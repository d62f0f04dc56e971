import { describe, expect, test } from 'vitest';
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
      where: 'main.cf:4',
      written: '$myhostname ESMTP $mail_name (Debian)',
    });
  });

  test('comes from the service before main.cf', () => {
    expect(submission.setting('smtpd_relay_restrictions')).toEqual({
      parameter: 'smtpd_relay_restrictions',
      value: 'permit_sasl_authenticated, reject',
      from: 'master',
      where: 'master.cf:6',
      written: 'permit_sasl_authenticated, reject',
    });
    expect(smtp.setting('smtpd_relay_restrictions')).toMatchObject({
      value: 'permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination',
      from: 'default',
      where: null,
    });
  });

  test('is unknown where its default hangs on the host', () => {
    const bare = readPostfix(main('compatibility_level = 2\n'), { version: '3.7' });
    expect(bare.services[0]?.setting('mynetworks')).toEqual({
      parameter: 'mynetworks',
      value: null,
      from: 'unknown',
      where: null,
      written: null,
    });
    expect(bare.services[0]?.setting('smtpd_banner')).toMatchObject({ value: null, from: 'default' });
  });
});
