import { describe, expect, test } from 'vitest';
import type { Verification } from '../../../src/model/verification.ts';
import { verificationToMarkdown } from '../../../src/report/verify-markdown.ts';
import { verificationToTerminal } from '../../../src/report/verify-terminal.ts';
import { held, hello, measured, notPermitted, reply } from '../verify/held.ts';
import { finding } from './handmade.ts';

const main = 'smtpd_banner = $myhostname ESMTP\nsmtpd_client_connection_rate_limit = 17\n';
const shown = {
  findings: [
    finding('vrfy', 'fail'),
    measured('connection-rate', 'pass', { limit: 17, tried: 18, windowSeconds: 60 }, '421 4.7.0 too many connections'),
    notPermitted('error-limit'),
    notPermitted('message-rate'),
  ],
  observations: { hello: hello() },
};
const verification = held({ main }, shown);
/** Of all rows the few that show each kind. */
const few = (one: Verification): Verification => ({
  ...one,
  endpoints: one.endpoints.map((endpoint) => ({
    ...endpoint,
    rows: endpoint.rows.filter(({ directive }) =>
      /^(smtpd_banner|smtpd_(hard|soft)_error_limit|header_size_limit|smtpd_client_connection_rate_limit)$/.test(
        directive,
      ),
    ),
  })),
});

describe('for the terminal', () => {
  test('what is contradicted first, with quotes; what nothing was seen of in one breath', () => {
    expect(verificationToTerminal(few(verification), { width: 80, color: false })).toMatchInlineSnapshot(`
      "mxprobe verify  main.cf | Postfix 3.7 | without master.cf | allowed: active |
        2026-01-02T03:04:05Z

      Whatever the files say, the scan finds:
        medium    vrfy  Vrfy is fail.

      mx1.example.com/192.0.2.1:25  held against smtp (as it comes with Postfix)
        ! an override in master.cf looks the same as what is contradicted here, and it
          was not given: --master
        CONTRADICTED  smtpd_banner  mx.example.test ESMTP (main.cf:5)
                      seen: mx.example.test ESMTP Postfix
                      the greeting has other words
                      S: 220 mx.example.test ESMTP Postfix
        not told      needs --allow load
                      smtpd_hard_error_limit 20 (default of 3.7)
                      smtpd_soft_error_limit 10 (default of 3.7)
        confirmed     smtpd_client_connection_rate_limit  17 (main.cf:6)
        not visible   header_size_limit  102400 (default of 3.7)
                      what is too much is cut off a message without a word: it shows
                        only in a mailbox of your own (--allow intrusive --inbox)

      1 contradicted, 25 not told, 9 confirmed, 6 not visible.
      Exit code 1: something is not as the files say.
      "
    `);
  });

  test('colour marks what matters', () => {
    const coloured = verificationToTerminal(few(verification), { width: 80, color: true });
    expect(coloured).toContain('\x1b[1;31mCONTRADICTED');
    expect(coloured).toContain('\x1b[32mconfirmed');
  });

  test('lines that Postfix would stumble over come first', () => {
    const main = 'smtpd_banner = $myhostnam ESMTP\nsmtpd_baner = x\ndisable_vrfy_command = false\n';
    const verification = held({ main }, {});
    expect(verification.summary.exitCode).toBe(1);
    const [, , ...lines] = verificationToTerminal(verification, { width: 200, color: false }).split('\n');
    expect(lines[0]).toMatch(/^WOULD NOT START {2}main\.cf:7: "disable_vrfy_command = false"/);
    expect(lines[1]).toMatch(/^DOES NOT WORK {2}main\.cf:6: "smtpd_baner"/);
    expect(lines[2]).toMatch(/^! main\.cf:5: /);
    expect(verificationToMarkdown(verification)).toContain('- WOULD NOT START: `main.cf:7`');
  });
});

describe('as Markdown', () => {
  test('a table', () => {
    expect(verificationToMarkdown(few(verification))).toMatchInlineSnapshot(`
      "# mxprobe verify

      main.cf; Postfix 3.7; without master.cf; allowed: active; \`2026-01-02T03:04:05Z\`.

      ## \`mx1.example.com/192.0.2.1:25\`

      Held against smtp (as it comes with Postfix).

      - an override in master.cf looks the same as what is contradicted here, and it was not given: \`--master\`

      | verdict | directive | configured | seen | because | quote |
      | - | - | - | - | - | - |
      | **CONTRADICTED** | \`smtpd_banner\` | mx.example.test ESMTP (\`main.cf:5\`) | mx.example.test ESMTP Postfix | the greeting has other words | \`220 mx.example.test ESMTP Postfix\` |
      | not told | \`smtpd_hard_error_limit\` | 20 (default of 3.7) | | needs \`--allow\` load | \`250 2.1.0 Ok\` |
      | not told | \`smtpd_soft_error_limit\` | 10 (default of 3.7) | | needs \`--allow\` load | \`250 2.1.0 Ok\` |
      | confirmed | \`smtpd_client_connection_rate_limit\` | 17 (\`main.cf:6\`) | 17 connections in 60 s | the limit of the file is the one that is kept to | \`421 4.7.0 too many connections\` |
      | not visible | \`header_size_limit\` | 102400 (default of 3.7) | | what is too much is cut off a message without a word: it shows only in a mailbox of your own (\`--allow\` intrusive \`--inbox\`) | |

      1 contradicted, 25 not told, 9 confirmed, 6 not visible. Exit code 1: something is not as the files say.
      "
    `);
  });

  test('a hostile greeting makes no markup of its own', () => {
    const greeting = reply('220 mx | <script>alert(1)</script> | `x` \x1b[2J @all');
    const text = verificationToMarkdown(held({ main }, { observations: { hello: hello(undefined, { greeting }) } }));
    const line = text.split('\n').find((one) => one.includes('smtpd_banner')) ?? '';
    expect(line).toContain('\\|');
    expect(line.replace(/`+[^`]*`+/g, '').replace(/``.*?``/g, '')).not.toMatch(/<script>|@all/);
    expect(text).not.toContain('\x1b');
    expect(line.match(/(?<!\\)\|/g)).toHaveLength(7);
  });
});
