import MailComposer from 'nodemailer/lib/mail-composer';
import type { AlertMessage, Send } from '../monitor/alerts/message.ts';
import { handIn } from './hand-in.ts';
import type { ChannelOf, NotifyParts } from './parts.ts';
import { htmlOf } from './words/html.tsx';
import { subjectOf } from './words/subject.ts';
import { textOf } from './words/text.ts';

type Mail = ChannelOf<'mail'>;

/** How many messages that a server took for some of their recipients are remembered. */
const mostPartly = 100;

/**
 * Mail to everybody at once. Where a server takes some recipients and refuses others, only those others are tried when
 * the message is sent again, as long as the sender that this returns is kept.
 */
export function mail(channel: Mail, parts: NotifyParts): Send {
  const partly = new Map<string, readonly string[]>();
  return async (message, signal) => {
    const { server, password, to } = channel;
    const secret = password === null ? null : await parts.readSecret(password);
    const { rejected, why } = await handIn(
      {
        server,
        password: secret,
        from: senderOf(channel, parts),
        to: partly.get(message.id) ?? to,
        mail: await composed(message, channel, parts),
      },
      parts,
      signal,
    );
    partly.delete(message.id);
    if (rejected.length === 0) return;
    partly.set(message.id, rejected);
    for (const id of [...partly.keys()].slice(0, -mostPartly)) partly.delete(id);
    throw new Error(`${server.host} did not take ${rejected.join(', ')}${why}`);
  };
}

const senderOf = ({ from }: Mail, { hostname }: NotifyParts): string => from ?? `mxprobe@${domainOf(hostname)}`;

/** A name of a machine is no more than letters by custom. */
const domainOf = (hostname: string): string =>
  /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(hostname) ? hostname : 'localhost';

/**
 * The octets of the message. Our own id makes doubles known for what they are (RFC 5322 §3.6.4); mails about one
 * incident stand in one thread; nothing answers it by itself (RFC 3834 §5; the X- header is Exchange's).
 */
function composed(message: AlertMessage, channel: Mail, parts: NotifyParts): Promise<Buffer> {
  const from = senderOf(channel, parts);
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const [only, ...others] = message.items;
  const thread =
    only === undefined || others.length > 0 || message.kind === 'test'
      ? null
      : `<incident.${dotAtom(only.incident.id)}@${domain}>`;
  const composer = new MailComposer({
    from: { name: 'mxprobe', address: from },
    to: channel.to.map((address) => ({ name: '', address })),
    subject: subjectOf(message),
    date: new Date(message.at),
    messageId: `<${dotAtom(message.id)}@${domain}>`,
    ...(thread === null ? {} : { inReplyTo: thread, references: [thread] }),
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    text: textOf(message),
    html: htmlOf(message),
    xMailer: false,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

/** An id as the left side of a Message-ID takes it (RFC 5322 §3.6.4). */
const dotAtom = (id: string): string => (/^[\w-]+(?:\.[\w-]+)*$/.test(id) ? id : Buffer.from(id).toString('hex'));
