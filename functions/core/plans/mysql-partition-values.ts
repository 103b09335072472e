/** One partition, or a part of one, in the order of the table. */
export interface PartitionRow {
  /** "RANGE", "LIST COLUMNS", "KEY" …; null: the table is not partitioned. */
  readonly method: string | null;
  readonly expression: string | null;
  /** The values of a list, or the value that a range ends before, as SQL. */
  readonly description: string | null;
  /** By statistics. */
  readonly rows: number;
}

/** What may be compared with a column so that the largest partition of its table is read, as SQL. */
export interface PartitionValue {
  readonly column: string;
  readonly low: string;
  /** It ends before; null: it has no end. */
  readonly high: string | null;
}

const oneColumn = /^(?:(to_days|year|unix_timestamp)\()?`([^`]+)`\)?$/i;
/** It becomes part of a statement. */
const literal = /^(?:-?\d+|'(?:[^'\\]|'')*')$/;
const firstOfList = /^(?:NULL,)?(-?\d+|'(?:[^'\\]|'')*')(?:,|$)/i;

/** Null where any value does (HASH, KEY), where several columns decide, and where no value of it is known. */
export function partitionValue(parts: readonly PartitionRow[]): PartitionValue | null {
  const [first] = parts;
  const [, wrapped = "", column] = oneColumn.exec(first?.expression ?? "") ?? [];
  const largest = largestOf(parts);
  if (first === undefined || column === undefined || largest === null) return null;
  const { end, previous } = largest;
  const method = first.method ?? "";
  const inList = method.startsWith("LIST") ? (firstOfList.exec(end)?.[1] ?? null) : null;
  if (inList !== null) return { column, low: inList, high: null };
  const low = method.startsWith("RANGE") ? (boundOf(wrapped, previous) ?? before(wrapped, end)) : null;
  return low === null ? null : { column, low, high: boundOf(wrapped, end) };
}

/** Subpartitions have what describes their partition. */
function largestOf(parts: readonly PartitionRow[]): { end: string; previous: string | null } | null {
  const whole = [...Map.groupBy(parts, ({ description }) => description)].map(([end, of]) => ({
    end,
    rows: of.reduce((sum, { rows }) => sum + rows, 0),
  }));
  const most = Math.max(1, ...whole.map(({ rows }) => rows));
  const at = whole.findIndex(({ rows }) => rows === most);
  const end = whole[at]?.end ?? null;
  return end === null ? null : { end, previous: whole[at - 1]?.end ?? null };
}

/** MAXVALUE is none. */
function boundOf(wrapped: string, description: string | null): string | null {
  if (description === null || !literal.test(description)) return null;
  switch (wrapped.toLowerCase()) {
    case "to_days":
      return `FROM_DAYS(${description})`;
    case "unix_timestamp":
      return `FROM_UNIXTIME(${description})`;
    case "year":
      return `'${description}-01-01'`;
    default:
      return description;
  }
}

/** The first range has no beginning. */
function before(wrapped: string, end: string): string | null {
  return /^-?\d+$/.test(end) ? boundOf(wrapped, String(Number(end) - 1)) : null;
}
