// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Exim writes its expansions like that
import type { Fixes } from '../../model/mtas.ts';
import {
  exchange,
  exchangeFrontend,
  exim,
  eximMain,
  eximSetting,
  m4,
  opensmtpd,
  postfix,
  postfixErrorLimits,
  sendmail,
  set,
} from './lines.ts';

export const sessionLimitFixes: Readonly<Record<string, Fixes>> = {
  'error-limit': {
    postfix: postfix(postfixErrorLimits),
    exim: exim(eximMain, 'smtp_max_unknown_commands = 3', 'smtp_max_synprot_errors = 3'),
    exchange: exchange(exchangeFrontend('-MaxProtocolErrors 5')),
  },

  'junk-limit': {
    postfix: postfix(set('smtpd_junk_command_limit = 20')),
    exim: exim(eximMain, 'smtp_accept_max_nonmail = 10'),
  },

  'recipients-per-message': {
    postfix: postfix(set('smtpd_recipient_limit = 100')),
    exim: exim(eximMain, 'recipients_max = 100'),
    sendmail: sendmail(m4('define', 'confMAX_RCPTS_PER_MESSAGE', '100')),
    opensmtpd: opensmtpd('smtp limit max-rcpt 100'),
    exchange: exchange(exchangeFrontend('-MaxRecipientsPerMessage 200')),
  },

  'message-size': {
    postfix: postfix(
      set('message_size_limit = 52428800'),
      '# a mailbox must hold the largest message',
      set('mailbox_size_limit = 0'),
      '# EHLO tells the limit unless "size" is among these',
      'postconf -n smtpd_discard_ehlo_keywords',
    ),
    exim: exim(eximSetting('message_size_limit', '50M', 'MESSAGE_SIZE_LIMIT')),
    sendmail: sendmail(m4('define', 'confMAX_MESSAGE_SIZE', '52428800')),
    opensmtpd: opensmtpd(
      '# the note stays, for OpenSMTPD compares no SIZE= at MAIL: the limit is kept when the message has come',
      'smtp max-message-size 35M',
    ),
    exchange: exchange(exchangeFrontend('-MaxMessageSize 50MB')),
  },

  'queue-space': {
    postfix: postfix(
      '# room on the disk of the queue, against what must stay free (0: one and a half times the largest message)',
      'df -B1 "$(postconf -h queue_directory)"; postconf queue_minfree message_size_limit',
      set('queue_minfree = 0'),
    ),
    exim: [
      '# room on the disk of the spool, against what must stay free',
      'df -h /var/spool/exim4; exim4 -bP check_spool_space check_spool_inodes  # elsewhere: exim -bP',
    ],
    sendmail: [
      '# room on the disk of the queue, in blocks of 1024 octets, against what must stay free',
      'df -k /var/spool/mqueue; grep MinFreeBlocks /etc/mail/sendmail.cf',
      ...sendmail(m4('define', 'confMIN_FREE_BLOCKS', '100')),
    ],
    exchange: [
      'Get-PSDrive -PSProvider FileSystem',
      '# back pressure: free the disk of the queue database, or move it',
    ],
  },

  'idle-timeout': {
    postfix: postfix(set('smtpd_timeout = ${stress?{10}:{300}}s')),
    exim: exim(eximMain, 'smtp_receive_timeout = 5m'),
    sendmail: sendmail(m4('define', 'confTO_COMMAND', '5m')),
    exchange: exchange(exchangeFrontend('-ConnectionInactivityTimeout 00:05:00')),
  },

  'command-deadline': {
    postfix: postfix('# before 3.7: smtpd_per_record_deadline', set('smtpd_per_request_deadline = yes')),
    exchange: exchange(exchangeFrontend('-ConnectionTimeout 00:10:00')),
  },
};
