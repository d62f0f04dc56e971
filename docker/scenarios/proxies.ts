import { nothingFor, postfix } from './postfix.ts';
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
];
