/**
 * Times in ms since 1970 as the clocks of a time zone show them, such as `Sun 2027-03-28 01:47 +01:00, 03:17 +02:00,
 * 03:47`: what has not changed since the one before is left out.
 */
export function zonedWords(times: readonly number[], timeZone: string): string {
  const all = times.map((at) => zoned(at, timeZone));
  const words = all.map(({ day, time, offset }, index) => {
    const before = all[index - 1];
    return [day === before?.day ? '' : day, time, offset === before?.offset ? '' : offset].filter(Boolean).join(' ');
  });
  return words.join(', ');
}

function zoned(at: number, timeZone: string): { readonly day: string; readonly time: string; readonly offset: string } {
  const parts = new Map(
    formatIn(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
  return {
    day: `${of('weekday')} ${of('year')}-${of('month')}-${of('day')}`,
    time: `${of('hour')}:${of('minute')}`,
    offset: of('timeZoneName').replace('GMT', '') || '+00:00',
  };
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatIn(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'longOffset',
  });
  formats.set(timeZone, made);
  return made;
}
