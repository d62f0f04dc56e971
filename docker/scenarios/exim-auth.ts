// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Exim writes its expansions like that
import type { Scenario } from './scenario.ts';

/** Debian's example authenticators, with the lab's passwords; `condition` says to whom they are shown. */
export const eximAuth = (condition: string): Scenario['config'] => ({
  'file:/etc/exim4/lab-auth': [
    'plain_server:',
    '  driver = plaintext',
    '  public_name = PLAIN',
    '  server_prompts = :',
    '  server_condition = ${if eq{$auth3}{$auth2-secret}}',
    '  server_set_id = $auth2',
    `  ${condition}`,
    'login_server:',
    '  driver = plaintext',
    '  public_name = LOGIN',
    '  server_prompts = Username:: : Password::',
    '  server_condition = ${if eq{$auth2}{$auth1-secret}}',
    '  server_set_id = $auth1',
    `  ${condition}`,
  ].join('\n'),
  'run:auth': "sed -i '/^begin authenticators/r /etc/exim4/lab-auth' /etc/exim4/exim4.conf.template",
});

/** AUTH is offered inside TLS only. */
export const insideTls = 'server_advertise_condition = ${if eq{$tls_in_cipher}{}{}{*}}';
