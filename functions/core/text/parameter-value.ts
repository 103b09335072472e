/** What a bare number of these counts, in a parameter group as on the server. https://www.postgresql.org/docs/current/view-pg-settings.html */
const ownUnit: Readonly<Record<string, string>> = {
  max_wal_size: "MB",
  temp_file_limit: "kB",
  log_min_duration_statement: "ms",
};

/** https://www.postgresql.org/docs/current/config-setting.html#CONFIG-SETTING-NAMES-VALUES */
const units: Readonly<Record<string, readonly ["bytes" | "ms", number]>> = {
  B: ["bytes", 1],
  kB: ["bytes", 1024],
  MB: ["bytes", 1024 ** 2],
  GB: ["bytes", 1024 ** 3],
  TB: ["bytes", 1024 ** 4],
  us: ["ms", 1e-3],
  ms: ["ms", 1],
  s: ["ms", 1000],
  min: ["ms", 60_000],
  h: ["ms", 3_600_000],
  d: ["ms", 86_400_000],
};

interface Measure {
  readonly in: "bytes" | "ms" | "own";
  readonly number: number;
}

/** Null: it is no number, or a formula of RDS. */
function measureOf(name: string, value: string): Measure | null {
  if (/^(on|true|yes)$/i.test(value)) return { in: "own", number: 1 };
  if (/^(off|false|no)$/i.test(value)) return { in: "own", number: 0 };
  const [, number, unit = ownUnit[name]] = /^\s*(-?\d+(?:\.\d+)?)\s*([A-Za-z]+)?\s*$/.exec(value) ?? [];
  if (number === undefined) return null;
  // No limit, off, as another setting: not that many of any unit.
  if (unit === undefined || Number(number) < 0) return { in: "own", number: Number(number) };
  const [kind, factor] = units[unit] ?? [];
  return kind === undefined || factor === undefined ? null : { in: kind, number: Number(number) * factor };
}

/** As values: "1min" is "60s", "on" is "1", 10.000000 is 10. What cannot be compared is not the same. */
export function isSameValue(name: string, a: string, b: string): boolean {
  if (a.toLowerCase() === b.toLowerCase()) return true;
  const [one, other] = [measureOf(name, a), measureOf(name, b)];
  return one !== null && other !== null && one.in === other.in && one.number === other.number;
}

/** Whether it has come as far as is wanted, or further; below zero is no limit, or as another setting, and never so. */
export function isBeyond(
  name: string,
  { now, wanted, towards }: { now: string; wanted: string; towards: "higher" | "lower" },
): boolean {
  const [has, wants] = [measureOf(name, now), measureOf(name, wanted)];
  if (has === null || wants === null || has.in !== wants.in || has.number < 0) return false;
  return towards === "higher" ? has.number >= wants.number : has.number <= wants.number;
}

/** As a parameter group takes it: a bare number of its own unit. Null: which unit that is is not known here. */
export function groupValue(name: string, value: string): string | null {
  const measure = measureOf(name, value);
  if (measure === null) return value;
  if (measure.in === "own") return String(measure.number);
  const [, factor] = units[ownUnit[name] ?? ""] ?? [];
  return factor === undefined ? null : String(measure.number / factor);
}
