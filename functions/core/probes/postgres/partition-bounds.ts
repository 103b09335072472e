/** One range partition of a table that is partitioned by a date or time; null: unbounded on that side. */
export interface PartitionRange {
  readonly name: string;
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

export type Bound =
  | { readonly kind: "range"; readonly fromMs: number | null; readonly toMs: number | null }
  | { readonly kind: "default" }
  /** Lists, hashes, ranges of something that is not a time. */
  | { readonly kind: "other" };

const side = `('(?:[^']|'')*'|MINVALUE|MAXVALUE)`;
const rangePattern = new RegExp(String.raw`^FOR VALUES FROM \(${side}\) TO \(${side}\)$`);

/** Reads what pg_get_expr(relpartbound) says in a session whose time zone is UTC and whose DateStyle is ISO. */
export function parseBound(text: string): Bound {
  if (text === "DEFAULT") return { kind: "default" };
  const [, from, to] = rangePattern.exec(text) ?? [];
  if (from === undefined || to === undefined) return { kind: "other" };
  const [fromMs, toMs] = [timeOf(from), timeOf(to)];
  return fromMs === undefined || toMs === undefined ? { kind: "other" } : { kind: "range", fromMs, toMs };
}

/** undefined: not a time. */
function timeOf(text: string): number | null | undefined {
  if (text === "MINVALUE" || text === "MAXVALUE") return null;
  const parts = /^'(\d{4,}-\d\d-\d\d)(?: (\d\d:\d\d:\d\d(?:\.\d+)?)(?:\+00)?)?'$/.exec(text);
  if (!parts) return undefined;
  const at = Date.parse(`${parts[1]}T${parts[2] ?? "00:00:00"}Z`);
  return Number.isNaN(at) ? undefined : at;
}

export type Step = { readonly months: number } | { readonly ms: number };

const dayMs = 86_400_000;

/** How far apart the newest partitions are. Months differ in length, and by an hour where clocks change. */
export function stepOf(ranges: readonly PartitionRange[]): Step | null {
  const spans = ranges
    .flatMap(({ fromMs, toMs }) => (fromMs === null || toMs === null ? [] : [{ toMs, ms: toMs - fromMs }]))
    .toSorted((a, b) => b.toMs - a.toMs)
    .slice(0, 5)
    .map(({ ms }) => ms)
    .toSorted((a, b) => a - b);
  const ms = spans[Math.floor(spans.length / 2)];
  if (ms === undefined || ms <= 0) return null;
  const days = ms / dayMs;
  const months = Math.round(days / 30.44);
  return months >= 1 && Math.abs(days - months * 30.44) < 2.6 ? { months } : { ms };
}

export function addStep(at: number, step: Step): number {
  if ("ms" in step) return at + step.ms;
  const date = new Date(at);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + step.months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return date.setUTCDate(Math.min(day, last));
}

export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Times after the newest partition and before `untilMs` that no partition takes, one for each partition to be made. */
export function missingAfter(newestMs: number, untilMs: number, step: Step): readonly TimeSpan[] {
  const missing: TimeSpan[] = [];
  let fromMs = newestMs;
  while (fromMs < untilMs && missing.length < 1000) {
    const toMs = addStep(fromMs, step);
    missing.push({ fromMs, toMs });
    fromMs = toMs;
  }
  return missing;
}

/** Times between two partitions that none takes. */
export function gapsBetween(ranges: readonly PartitionRange[]): readonly TimeSpan[] {
  const sorted = ranges.toSorted(
    (a, b) => (a.fromMs ?? Number.NEGATIVE_INFINITY) - (b.fromMs ?? Number.NEGATIVE_INFINITY),
  );
  return sorted.flatMap(({ toMs }, index) => {
    const next = sorted[index + 1]?.fromMs ?? null;
    return toMs !== null && next !== null && toMs < next ? [{ fromMs: toMs, toMs: next }] : [];
  });
}
