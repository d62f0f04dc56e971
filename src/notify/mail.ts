import MailComposer from 'nodemailer/lib/mail-composer';
import { type AlertMessage, PartlyTaken, type Send } from '../monitor/alerts/message.ts';
import { handIn } from './hand-in.ts';
import type { ChannelOf, NotifyParts } from './parts.ts';
import { htmlOf } from './words/html.tsx';
import { subjectOf } from './words/subject.ts';
import { textOf } from './words/text.ts';

type Mail = ChannelOf<'mail'>;

/** Mail to everybody at once, or to those who are left. Rejects with `PartlyTaken` where a server takes it for some. */
export function mail(channel: Mail, parts: NotifyParts): Send {
  return async (message, signal, left = null) => {
    const { server, password } = channel;
    const to = left === null ? channel.to : channel.to.filter((one) => left.includes(one));
    // Those who were left have left the file.
    if (to.length === 0) return;
    const secret = password === null ? null : await parts.readSecret(password);
    const { rejected, why } = await handIn(
      {
        server,
        password: secret,
        from: senderOf(channel, parts),
        to,
        mail: await composed(message, channel, parts),
      },
      parts,
      signal,
    );
    if (rejected.length === 0) return;
    throw new PartlyTaken(`${server.host} did not take ${rejected.join(', ')}${why}`, rejected);
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
