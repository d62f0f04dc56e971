import { noneOf, nothingFor, postfix } from './postfix.ts';
import type { Scenario } from './scenario.ts';

/** Postfix on a port of its own, behind what listens on port 25. */
const behind: Scenario['config'] = {
  'master:smtp/inet': '',
  'master:10025/inet': '10025 inet n - n - - smtpd',
};

const awaitsProxy = 'smtpd_upstream_proxy_protocol';

const haproxy = `defaults
  mode tcp
  timeout connect 5s
  timeout client 1m
  timeout server 1m
frontend smtp
  bind :25
  default_backend postfix
backend postfix
  server postfix 127.0.0.1:10025 send-proxy`;

const nginx = `load_module modules/ngx_mail_module.so;
events {}
error_log stderr;
http {
  access_log off;
  server {
    listen 127.0.0.1:9000;
    location / {
      add_header Auth-Status OK;
      add_header Auth-Server 127.0.0.1;
      add_header Auth-Port 10025;
      return 204;
    }
  }
}
mail {
  server_name mx.example.test;
  auth_http 127.0.0.1:9000/;
  ssl_certificate /lab/tls/chain.pem;
  ssl_certificate_key /lab/tls/key.pem;
  ssl_protocols TLSv1.2 TLSv1.3;
  server {
    listen 25;
    protocol smtp;
    smtp_auth none;
    starttls on;
    xclient on;
  }
}`;

/** What asks inside TLS for a part of its answer. */
const insideTls = [
  ...['open-relay', 'auth-after-tls', 'auth-anonymous', 'auth-weak', 'auth-on-mx', 'auth-state'],
  ...['tls-certificate', 'tls-version', 'tls-ciphers', 'starttls-trailing'],
];

/** Its own log needs a syslog. It listens when SpamAssassin has read its rules. */
const spampd = `perl -MIO::Socket::UNIX -e '$log = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => "/dev/log") or die; chmod 0666, "/dev/log"; 1 while $log->recv($_, 9999) || 1' &
spampd --host=0.0.0.0:25 --relayhost=127.0.0.1:10025 --nodetach --user=mail --group=mail --pid=/tmp/spampd.pid &
until (exec 3<>/dev/tcp/127.0.0.1/25) 2>/dev/null; do sleep 0.2; done`;

/**
 * Proxies in front of Postfix: who answers changes in the middle of a session, or what the server waits for is not
 * SMTP.
 */
export const proxies: readonly Scenario[] = [
  postfix({
    id: 'awaits-proxy-line',
    sentence: 'Port 25 is for a proxy: Postfix waits for the PROXY line, and says 421 where it does not come.',
    config: { [`master:smtp/inet/${awaitsProxy}`]: 'haproxy' },
    expect: { ...nothingFor('ambiguous'), reachable: 'pass' },
  }),
  postfix({
    id: 'behind-haproxy',
    sentence: 'HAProxy passes connections on to Postfix, with the PROXY line.',
    config: {
      ...behind,
      [`master:10025/inet/${awaitsProxy}`]: 'haproxy',
      'file:/lab/haproxy.cfg': haproxy,
      'run:haproxy': 'haproxy -D -f /lab/haproxy.cfg',
    },
  }),
  postfix({
    id: 'behind-nginx',
    sentence: "nginx's mail proxy speaks until the first RCPT, which Postfix answers.",
    config: {
      ...behind,
      'master:10025/inet/smtpd_authorized_xclient_hosts': '127.0.0.1',
      'file:/lab/nginx.conf': nginx,
      'run:nginx': 'nginx -c /lab/nginx.conf',
    },
    expect: {
      // smtp_auth none takes AUTH off the list, and 334 asks for the password all the same, in clear and behind MAIL.
      'auth-before-tls': 'fail',
      'auth-on-mx': 'fail',
      'auth-after-tls': 'pass',
      'auth-state': 'fail',
      // SIZE is not among smtp_capabilities, and Postfix has its limit.
      'message-size': 'fail',
    },
  }),
  postfix({
    id: 'behind-spampd',
    sentence: 'spampd passes STARTTLS on to Postfix, which begins TLS, and nothing of that comes back.',
    config: { ...behind, 'run:spampd': spampd, 'main:mynetworks': '192.0.2.1' },
    expect: {
      ...noneOf(insideTls, 'timeout'),
      'starttls-works': 'fail',
    },
  }),
  postfix({
    id: 'relay-by-spampd',
    sentence: 'To Postfix everybody is spampd on its own loopback, which it relays for; no TLS is offered.',
    config: { ...behind, 'run:spampd': spampd, 'master:10025/inet/smtpd_tls_security_level': 'none' },
    expect: {
      'open-relay': 'fail',
      'starttls-offer': 'fail',
      'starttls-works': 'not-applicable',
      'starttls-trailing': 'not-applicable',
      'tls-version': 'not-applicable',
      'tls-ciphers': 'not-applicable',
      'tls-certificate': 'not-applicable',
    },
  }),
];
