import { describe, expect, it } from 'vitest';
import { fixSeen } from '../../../src/kit/fix-seen.ts';
import type { Measured } from '../../../src/model/judgement.ts';
import { fixesFor } from '../../../src/mta/fixes.ts';

const server = { role: 'mx', host: 'mail.example.org', ownName: null, domain: 'example.org' } as const;
const postfixFor = (keyedOn: string, accepted: string[] = []) =>
  fixSeen('open-relay', fixesFor('open-relay'), server, { keyedOn, accepted }).postfix?.join('\n') ?? '';

describe('the lines for what was seen', () => {
  it('differ by what opens the relay', () => {
    expect(postfixFor('nothing')).toContain('mynetworks');
    expect(postfixFor('sender')).toContain('reject_unauth_destination');
    expect(postfixFor('sender')).not.toContain('127.0.0.0/8');
    expect(postfixFor('routed-address')).toContain('allow_untrusted_routing = no');
    expect(postfixFor('domain', ['outside>plain@stranger.example'])).toContain('what is not yours: stranger.example');
    expect(postfixFor('domain')).toContain('the finding stays until that is done');
  });

  it('are those of the catalogue where nothing tells', () => {
    const nameless = { ...server, domain: null, host: '192.0.2.1' };
    expect(fixSeen('open-relay', fixesFor('open-relay'), nameless).postfix).toEqual(fixesFor('open-relay').postfix);
  });

  it('name an address as the server names itself, and say what is left to fill in', () => {
    const certificate = (ownName: string | null) =>
      fixSeen('tls-certificate', fixesFor('tls-certificate'), { ...server, host: '192.0.2.1', ownName }).postfix ?? [];
    expect(certificate('mx.example.net').join('\n')).toContain('/live/mx.example.net/privkey.pem');
    for (const ownName of [null, 'localhost.localdomain', 'mx.internal', 'mx_1.example.net', '$(reboot).example.net'])
      expect(certificate(ownName)[0]).toBe('# mx.example.com stands for the name of your server');
    const nameless = fixSeen('own-domain-spoof', fixesFor('own-domain-spoof'), { ...server, domain: null });
    expect(nameless.postfix?.[0]).toBe('# example.com stands for a domain of yours');
    expect(nameless.exim).toEqual(fixesFor('own-domain-spoof').exim);
  });

  it('make a policy of the MX hosts that there are, and name the one that does not meet it', () => {
    const of = (measured: Measured) => fixSeen('mta-sts', fixesFor('mta-sts'), server, measured);
    const hosts = ['mx1.example.org', 'mx2.example.org', '$(reboot).example.org'];
    const noted = of({ hosts });
    expect(Object.keys(noted)).toEqual(['dns']);
    expect(noted.dns?.filter((line) => line.startsWith('mx: '))).toEqual([
      'mx: mx1.example.org',
      'mx: mx2.example.org',
    ]);
    expect(noted.dns).toContain('_mta-sts.example.org. 3600 IN TXT "v=STSv1; id=20260101000000"');
    expect(of({ hosts, failing: ['mx2.example.org'] }).postfix?.join()).toContain(
      '/live/mx2.example.org/fullchain.pem',
    );
    expect(of({}).dns).toContain('mx: mail.example.org');
    const modeOf = (measured: Measured) => of(measured).dns?.filter((line) => /mode: /.test(line));
    expect(modeOf({ mode: 'enforce', failing: [] })).toEqual(['mode: enforce']);
    expect(modeOf({ mode: 'enforce', failing: ['mx.example.org'] })?.[0]).toBe('mode: testing');
    expect(modeOf({})).toHaveLength(2);
  });

  it('name the domain and the host that were scanned', () => {
    const spoof = fixSeen('own-domain-spoof', fixesFor('own-domain-spoof'), server).postfix?.join('\n');
    expect(spoof).toContain("echo 'example.org REJECT");
    expect(spoof).not.toContain('example.com');
    const certificate = fixSeen('tls-certificate', fixesFor('tls-certificate'), server).postfix?.join('\n');
    expect(certificate).toContain('/etc/letsencrypt/live/mail.example.org/privkey.pem');
  });

  it.each(['$(reboot).example', "a'; reboot; '", '192.0.2.1', '2001:db8::1', 'a b'])(
    'never have %s in them, which is no host name',
    (host) => {
      const strange = { ...server, host, ownName: host, domain: host };
      const { postfix } = fixSeen('tls-certificate', fixesFor('tls-certificate'), strange);
      expect(postfix?.slice(1)).toEqual(fixesFor('tls-certificate').postfix);
    },
  );
});

/** Lists of the administrator's: to set one is to lose what it held. */
const lists = /\b(mynetworks|relay_domains|smtpd_\w+_restrictions|mydestination|\w+_maps|dc_relay_\w+)\b/;

it.each(['open-relay', 'own-domain-spoof', 'submission-auth', 'backscatter', 'postmaster', 'starttls-offer'])(
  '%s: no list is set without what it holds',
  (probe) => {
    const variants = ['nothing', 'sender', 'null-sender', 'helo', 'tls', 'routed-address', 'domain', null].map(
      (keyedOn) => fixSeen(probe, fixesFor(probe), server, { keyedOn }),
    );
    for (const line of variants.flatMap((fixes) => Object.values(fixes).flat())) {
      const [, name] = /postconf -[eP] ["'](?:\w+\/inet\/)?(\w+) ?=/.exec(line) ?? [];
      if (name === undefined || !lists.test(name)) continue;
      expect(line, line).toMatch(new RegExp(`\\$\\(postconf -\\w*h (\\w+/inet/)?${name}|-n "\\$\\(postconf`));
    }
    for (const line of variants.flatMap(({ exim = [] }) => exim)) expect(line).not.toMatch(/dc_relay_\w+=''/);
  },
);
