/** MTAs count whole seconds, and the way there and back adds to them; below two seconds a tenth is worth telling. */
export function wholeSeconds(seconds: number): number {
  return seconds >= 2 ? Math.round(seconds) : Math.round(seconds * 10) / 10;
}
