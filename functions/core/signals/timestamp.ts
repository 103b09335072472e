const pattern = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(?:Z|([+-]\d{2}):?(\d{2}))?$/i;

/**
 * Epoch milliseconds of a CloudWatch time, null when it is none. CloudWatch writes `2023-08-04T12:36:15.490+0000`:
 * the offset has no colon, which strict ISO parsers refuse. A time without offset is UTC, whatever the host's zone.
 */
export function parseAlarmTime(text: string): number | null {
  const match = pattern.exec(text);
  if (match === null) return null;
  const [, date, time, fraction = "", hours, minutes] = match;
  const millis = fraction.slice(0, 3).padEnd(3, "0");
  const offset = hours === undefined ? "Z" : `${hours}:${minutes}`;
  const at = Date.parse(`${date}T${time}.${millis}${offset}`);
  return Number.isNaN(at) ? null : at;
}
