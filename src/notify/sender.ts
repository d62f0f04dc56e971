import type { Send } from '../monitor/alerts/message.ts';
import type { Channel } from '../monitor/config/config.ts';
import { mail } from './mail.ts';
import type { ChannelOf, NotifyParts } from './parts.ts';
import { webhook } from './webhook.ts';

type Senders = { readonly [K in Channel['kind']]?: (channel: ChannelOf<K>, parts: NotifyParts) => Send };

const senders: Senders = { mail, webhook };

/**
 * How messages get to a channel; to be made once for each. Its secrets are read at each message, so that one that was
 * changed counts at once.
 */
export function senderOf(channel: Channel, parts: NotifyParts): Send {
  const make = senders[channel.kind] as ((channel: Channel, parts: NotifyParts) => Send) | undefined;
  if (make === undefined) throw new Error(`channels of kind ${channel.kind} are not known yet`);
  return make(channel, parts);
}
