// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Exim writes its expansions like that
import type { Fixes } from '../fixes.ts';
import {
  exchangeNames,
  eximMain,
  rebuildSendmail,
  reloadPostfix,
  restartExim,
  restartOpensmtpd,
  sendmailMc,
  smtpdConf,
} from './apply.ts';

export const sessionLimitFixes: Readonly<Record<string, Fixes>> = {
  'error-limit': {
    postfix: [
      "postconf -e 'smtpd_soft_error_limit = 5'",
      "postconf -e 'smtpd_hard_error_limit = 10'",
      "postconf -e 'smtpd_error_sleep_time = 3s'",
      reloadPostfix,
    ],
    exim: [eximMain, 'smtp_max_unknown_commands = 3', 'smtp_max_synprot_errors = 3', restartExim],
    exchange: [exchangeNames, "Set-ReceiveConnector 'EX01\\Default Frontend EX01' -MaxProtocolErrors 5"],
  },

  'junk-limit': {
    postfix: ["postconf -e 'smtpd_junk_command_limit = 20'", reloadPostfix],
    exim: [eximMain, 'smtp_accept_max_nonmail = 10', restartExim],
  },

  'recipients-per-message': {
    postfix: ["postconf -e 'smtpd_recipient_limit = 100'", reloadPostfix],
    exim: [eximMain, 'recipients_max = 100', restartExim],
    sendmail: [sendmailMc, "define(`confMAX_RCPTS_PER_MESSAGE', `100')dnl", rebuildSendmail],
    opensmtpd: [smtpdConf, 'smtp limit max-rcpt 100', restartOpensmtpd],
    exchange: [exchangeNames, "Set-ReceiveConnector 'EX01\\Default Frontend EX01' -MaxRecipientsPerMessage 200"],
  },

  'message-size': {
    postfix: [
      "postconf -e 'message_size_limit = 52428800'",
      '# a mailbox must hold the largest message',
      "postconf -e 'mailbox_size_limit = 0'",
      '# EHLO tells the limit unless "size" is among these',
      'postconf -n smtpd_discard_ehlo_keywords',
      reloadPostfix,
    ],
    exim: [eximMain, '# Debian: MESSAGE_SIZE_LIMIT = 50M', 'message_size_limit = 50M', restartExim],
    sendmail: [sendmailMc, "define(`confMAX_MESSAGE_SIZE', `52428800')dnl", rebuildSendmail],
    opensmtpd: [
      smtpdConf,
      '# announced, and kept when the message has come; MAIL with SIZE= is not judged',
      'smtp max-message-size 35M',
      restartOpensmtpd,
    ],
    exchange: [exchangeNames, "Set-ReceiveConnector 'EX01\\Default Frontend EX01' -MaxMessageSize 50MB"],
  },

  'queue-space': {
    postfix: [
      '# room on the disk of the queue, against what must stay free (0: one and a half times the largest message)',
      'df -B1 "$(postconf -h queue_directory)"; postconf queue_minfree message_size_limit',
      "postconf -e 'queue_minfree = 0'",
      reloadPostfix,
    ],
    exim: [
      '# room on the disk of the spool, against what must stay free',
      'df -h /var/spool/exim4; exim4 -bP check_spool_space check_spool_inodes  # elsewhere: exim -bP',
    ],
    sendmail: [
      '# room on the disk of the queue, in blocks of 1024 octets, against what must stay free',
      'df -k /var/spool/mqueue; grep MinFreeBlocks /etc/mail/sendmail.cf',
      sendmailMc,
      "define(`confMIN_FREE_BLOCKS', `100')dnl",
      rebuildSendmail,
    ],
    exchange: [
      'Get-PSDrive -PSProvider FileSystem',
      '# back pressure: free the disk of the queue database, or move it',
    ],
  },

  'idle-timeout': {
    postfix: ["postconf -e 'smtpd_timeout = ${stress?{10}:{300}}s'", reloadPostfix],
    exim: [eximMain, 'smtp_receive_timeout = 5m', restartExim],
    sendmail: [sendmailMc, "define(`confTO_COMMAND', `5m')dnl", rebuildSendmail],
    exchange: [
      exchangeNames,
      "Set-ReceiveConnector 'EX01\\Default Frontend EX01' -ConnectionInactivityTimeout 00:05:00",
    ],
  },

  'command-deadline': {
    postfix: [
      '# before 3.7: smtpd_per_record_deadline',
      "postconf -e 'smtpd_per_request_deadline = yes'",
      reloadPostfix,
    ],
    exchange: [exchangeNames, "Set-ReceiveConnector 'EX01\\Default Frontend EX01' -ConnectionTimeout 00:10:00"],
  },

  'harvest-brake': {
    postfix: [
      "postconf -e 'smtpd_soft_error_limit = 5'",
      "postconf -e 'smtpd_hard_error_limit = 10'",
      "postconf -e 'smtpd_error_sleep_time = 3s'",
      '# over several sessions: recipients that one client may ask for in a minute',
      "postconf -e 'smtpd_client_recipient_rate_limit = 100'",
      reloadPostfix,
    ],
    exim: [
      '# in the ACL that acl_smtp_rcpt names, before the recipient is verified',
      'drop    message        = too many unknown recipients',
      '        condition      = ${if >{$rcpt_fail_count}{5}}',
      restartExim,
    ],
    sendmail: [
      sendmailMc,
      '# a second of sleep for each wrong name after the second',
      "define(`confBAD_RCPT_THROTTLE', `2')dnl",
      rebuildSendmail,
    ],
    exchange: [exchangeNames, "Set-ReceiveConnector 'EX01\\Default Frontend EX01' -TarpitInterval 00:00:05"],
  },
};
