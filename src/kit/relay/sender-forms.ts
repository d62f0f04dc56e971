import type { RelayNames } from './names.ts';

export interface SenderForm {
  readonly form: string;
  readonly sender: string;
  readonly odd: boolean;
  readonly clearOnly: boolean;
}

/** Senders that a server may trust: outside, none, its own, and forms without a place. */
export function senderForms({ sender, external, domain, server, literal }: RelayNames): SenderForm[] {
  const home = domain ?? server ?? literal;
  const form = (name: string, address: string, extra: Partial<SenderForm> = {}) => ({
    form: name,
    sender: address,
    odd: false,
    clearOnly: false,
    ...extra,
  });
  return [
    form('outside', sender),
    form('null', ''),
    form('user', `mxprobe@${home}`),
    form('postmaster', `postmaster@${home}`),
    form('same', external),
    form('literal', `mxprobe@${literal}`, { odd: true, clearOnly: true }),
    form('bare', 'mxprobe', { odd: true, clearOnly: true }),
    form('localhost', 'mxprobe@localhost', { clearOnly: true }),
  ].filter((one, index, all) => all.findIndex(({ sender: other }) => other === one.sender) === index);
}
