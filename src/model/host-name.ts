/** A name fit to ask DNS for, or what is wrong with it: the rest of a sentence that begins with the name. */
export type HostName =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'problem'; readonly problem: string };

/** RFC 1035 §2.3.4. */
const maxLabel = 63;
/** 255 octets on the wire (RFC 1035 §2.3.4) less the length of the first label and the root. */
const maxName = 253;

/**
 * Reads a domain or host name: case folded, the dot of the root taken off, an international name turned into its
 * A-labels (RFC 5890 §2.3.2.1). An underscore is let through: no host name by RFC 952, yet one that resolvers and
 * container networks serve.
 */
export function hostNameOf(text: string): HostName {
  const stranger = /[^a-z0-9._\u0080-\u{10ffff}-]/iu.exec(text);
  if (stranger !== null)
    return problem(`has a character that no name has, ${JSON.stringify(stranger[0])}: take it out`);

  const name = inAscii(text)?.toLowerCase().replace(/\.$/, '');
  if (name === undefined) return problem('is no international domain name (RFC 5891): check the spelling');
  if (name === '') return problem('has no name in it: give a domain such as example.com');

  const labels = name.split('.');
  const long = labels.find((label) => label.length > maxLabel);
  if (labels.includes('')) return problem('has a dot too many: no label of a name is empty');
  if (long !== undefined)
    return problem(`has a label of ${long.length} characters: ${maxLabel} are the most (RFC 1035 §2.3.4)`);
  if (name.length > maxName)
    return problem(`is a name of ${name.length} characters: ${maxName} are the most (RFC 1035 §2.3.4)`);
  if (labels.some((label) => label.startsWith('-') || label.endsWith('-'))) {
    return problem('has a hyphen at the edge of a label: take it out (RFC 952)');
  }
  if (/^(\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? '')) {
    return problem('is neither a name nor an IPv4 address: that has four numbers from 0 to 255, such as 192.0.2.1');
  }
  return { kind: 'name', name };
}

const problem = (text: string): HostName => ({ kind: 'problem', problem: text });

/** `domainToASCII` (UTS #46) without its module; undefined where it has no answer. */
function inAscii(text: string): string | undefined {
  if (!/[\u0080-\u{10ffff}]/u.test(text)) return text;
  const url = `http://${text}/`;
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}
