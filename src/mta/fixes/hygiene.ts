// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Exim writes its expansions like that
import type { Fixes } from '../../model/mtas.ts';
import { exchange, exchangeFrontend, exim, eximRcptAcl, eximSetting, m4, postfix, sendmail, set } from './lines.ts';

/** What is set later counts, so it holds all that other fixes set there too. */
const sendmailPrivacy = sendmail(
  m4('define', 'confPRIVACY_FLAGS', 'authwarnings,needmailhelo,novrfy,noexpn,noetrn,noverb,restrictqrun'),
);

export const hygieneFixes: Readonly<Record<string, Fixes>> = {
  xclient: {
    postfix: postfix(
      '# where a proxy hands sessions on: the addresses of that proxy, and no network',
      set('smtpd_authorized_xclient_hosts =', 'smtpd_authorized_xforward_hosts ='),
      '# a service of master.cf may have its own',
      'postconf -P | grep -E "authorized_x(client|forward)_hosts" || true',
    ),
  },

  'helo-required': {
    postfix: postfix(set('smtpd_helo_required = yes')),
    sendmail: sendmailPrivacy,
  },

  etrn: {
    postfix: postfix(
      '# permit_mynetworks: those who may; their domains stand in fast_flush_domains',
      set('smtpd_etrn_restrictions = permit_mynetworks, reject'),
    ),
    exim: exim(eximSetting('acl_smtp_etrn', 'deny')),
    sendmail: sendmailPrivacy,
  },

  banner: {
    postfix: postfix(
      '# the name of the host is myhostname; where it is right, and the note is about what runs:',
      set('smtpd_banner = $myhostname ESMTP'),
    ),
    exim: exim(eximSetting('smtp_banner', '$smtp_active_hostname ESMTP')),
    sendmail: sendmail(m4('define', 'confSMTP_LOGIN_MSG', '$j')),
    exchange: exchange(exchangeFrontend("-Banner '220 mx.example.com ESMTP'")),
  },

  'helo-own-name': {
    postfix: postfix(
      "printf '%s REJECT\\n' mx.example.com localhost '[127.0.0.1]' >> /etc/postfix/own_names",
      'postconf -e "smtpd_helo_restrictions = permit_mynetworks, permit_sasl_authenticated, check_helo_access texthash:/etc/postfix/own_names, reject_non_fqdn_helo_hostname, $(postconf -h smtpd_helo_restrictions)"',
    ),
    exim: exim(
      eximRcptAcl(
        'deny    message        = this is no name of yours',
        '        ! hosts        = : +relay_from_hosts',
        '        ! authenticated = *',
        '        condition      = ${if or{{eqi{$sender_helo_name}{$primary_hostname}}{eqi{$sender_helo_name}{localhost}}{eq{$sender_helo_name}{[127.0.0.1]}}{!match{$sender_helo_name}{[.:]}}}}',
      ),
    ),
    sendmail: sendmail(m4('FEATURE', 'block_bad_helo')),
  },
};
