/**
 * The recipient of a relay form with another address outside in the place of the one it was asked with: plain, `%`,
 * `!`, quoted, doubled or routed. Null where the form is made of something else.
 */
export function withOther(recipient: string, external: string, other: string): string | null {
  const [user, far] = partsOf(external);
  const [otherUser, otherFar] = partsOf(other);
  const ways = [
    [`${user}@${far}`, `${otherUser}@${otherFar}`],
    [`${user}%${far}`, `${otherUser}%${otherFar}`],
    [`${far}!${user}`, `${otherFar}!${otherUser}`],
  ] as const;
  const way = ways.find(([from]) => recipient.includes(from));
  return way === undefined ? null : recipient.replace(way[0], () => way[1]);
}

function partsOf(address: string): [string, string] {
  const at = address.lastIndexOf('@');
  return [address.slice(0, at), address.slice(at + 1)];
}
