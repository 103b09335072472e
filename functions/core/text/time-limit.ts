/** https://www.postgresql.org/docs/current/config-setting.html#CONFIG-SETTING-NAMES-VALUES; milliseconds without a unit. */
const unitMs: Readonly<Record<string, number>> = {
  us: 1e-3,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A time limit of PostgreSQL in milliseconds, as '1min' and '60s' are the same; null where it is written otherwise. */
export function limitMs(value: string): number | null {
  const [, number, unit = "ms"] = /^\s*(\d+(?:\.\d+)?)\s*(us|ms|s|min|h|d)?\s*$/.exec(value) ?? [];
  const factor = unitMs[unit];
  return number === undefined || factor === undefined ? null : Number(number) * factor;
}

/** Null: not set. */
export function isSameLimit(a: string | null, b: string | null): boolean {
  if (a === null || b === null || a === b) return a === b;
  const ms = limitMs(a);
  return ms !== null && ms === limitMs(b);
}

/** Whether somebody has set what `wanted` would loosen, or no limit on purpose: 0; what cannot be read counts as such. */
export function isMeantOtherwise(own: string, wanted: string): boolean {
  const [has, sets] = [limitMs(own), limitMs(wanted)];
  return has === null || has === 0 || sets === null || sets === 0 || has < sets;
}
