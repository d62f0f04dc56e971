/** Part of a sentence as a whole one: a capital in front, unless told not to, and a full stop behind. */
export function sentence(text: string, isBegin = true): string {
  const said = String(text);
  const begun = isBegin ? `${said.charAt(0).toUpperCase()}${said.slice(1)}` : said;
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
