import type { Send } from '../monitor/alerts/message.ts';
import type { Channel } from '../monitor/config/config.ts';
import { alertmanager } from './alertmanager.ts';
import { exec } from './exec.ts';
import { mail } from './mail.ts';
import { matrix } from './matrix.ts';
import { mattermost } from './mattermost.ts';
import { ntfy } from './ntfy.ts';
import { pagerduty } from './pagerduty.ts';
import type { ChannelOf, NotifyParts } from './parts.ts';
import { slack } from './slack.ts';
import { teams } from './teams.ts';
import { webhook } from './webhook.ts';

const senders: { readonly [K in Channel['kind']]: (channel: ChannelOf<K>, parts: NotifyParts) => Send } = {
  mail,
  webhook,
  slack,
  teams,
  mattermost,
  matrix,
  ntfy,
  pagerduty,
  alertmanager,
  exec,
};

/**
 * How messages get to a channel; to be made once for each. Its secrets are read at each message, so that one that was
 * changed counts at once.
 */
export function senderOf(channel: Channel, parts: NotifyParts): Send {
  const make = senders[channel.kind] as (channel: Channel, parts: NotifyParts) => Send;
  return make(channel, parts);
}
