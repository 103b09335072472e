/** Numbers of one source, inclusive. */
interface Interval {
  readonly from: bigint;
  readonly to: bigint;
}

/** By "uuid" or "uuid:tag"; sorted and disjoint. */
type GtidSet = ReadonlyMap<string, readonly Interval[]>;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const interval = /^(\d+)(?:-(\d+))?$/;
const tag = /^[a-z_][a-z0-9_]{0,31}$/i;

/**
 * How many transactions of `ahead` are not in `behind`, both as MySQL writes them: "uuid:1-5:7, uuid:tag:1-3". Null
 * when one of them is no such set.
 * https://dev.mysql.com/doc/refman/8.4/en/replication-gtids-concepts.html#replication-gtids-concepts-gtid-sets
 */
export function countMissingGtids(ahead: string, behind: string): number | null {
  const [wanted, present] = [parseGtidSet(ahead), parseGtidSet(behind)];
  if (wanted === null || present === null) return null;
  let missing = 0n;
  for (const [source, intervals] of wanted) {
    const there = present.get(source) ?? [];
    for (const each of intervals) missing += lengthOf(each) - overlap(each, there);
  }
  return Number(missing);
}

function parseGtidSet(text: string): GtidSet | null {
  const set = new Map<string, Interval[]>();
  const parts = text.replaceAll(/\s/g, "").split(",");
  const read = parts.every((part) => part === "" || readSource(part.toLowerCase(), set));
  return read ? new Map([...set].map(([key, intervals]) => [key, merged(intervals)])) : null;
}

/** "uuid[:tag]:interval…" into the set; false when it is none. */
function readSource(part: string, set: Map<string, Interval[]>): boolean {
  const [source = "", ...rest] = part.split(":");
  let key = source;
  for (const piece of rest) {
    const [, from, to] = interval.exec(piece) ?? [];
    if (from !== undefined) add(set, key, { from: BigInt(from), to: BigInt(to ?? from) });
    else if (tag.test(piece)) key = `${source}:${piece}`;
    else return false;
  }
  return uuid.test(source) && rest.length > 0;
}

function add(set: Map<string, Interval[]>, key: string, each: Interval): void {
  const known = set.get(key);
  if (known) known.push(each);
  else set.set(key, [each]);
}

function merged(intervals: readonly Interval[]): readonly Interval[] {
  const result: Interval[] = [];
  for (const { from, to } of intervals.toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
    const last = result.at(-1);
    if (to < from) continue;
    if (last && from <= last.to + 1n) {
      result[result.length - 1] = { from: last.from, to: to > last.to ? to : last.to };
    } else result.push({ from, to });
  }
  return result;
}

function lengthOf({ from, to }: Interval): bigint {
  return to - from + 1n;
}

function overlap({ from, to }: Interval, others: readonly Interval[]): bigint {
  let common = 0n;
  for (const other of others) {
    const low = other.from > from ? other.from : from;
    const high = other.to < to ? other.to : to;
    if (high >= low) common += high - low + 1n;
  }
  return common;
}

/**
 * How far a MariaDB position "domain-server-sequence, …" is behind another: the sequence numbers of each domain. An
 * upper bound, since numbers may be left out. Null when one of them is no position.
 * https://mariadb.com/kb/en/gtid/
 */
export function countMissingMariadbGtids(ahead: string, behind: string): number | null {
  const [wanted, present] = [parsePosition(ahead), parsePosition(behind)];
  if (wanted === null || present === null) return null;
  let missing = 0n;
  for (const [domain, sequence] of wanted) {
    const gap = sequence - (present.get(domain) ?? 0n);
    if (gap > 0n) missing += gap;
  }
  return Number(missing);
}

function parsePosition(text: string): ReadonlyMap<string, bigint> | null {
  const position = new Map<string, bigint>();
  for (const part of text.replaceAll(/\s/g, "").split(",")) {
    if (part === "") continue;
    const [, domain, sequence] = /^(\d+)-\d+-(\d+)$/.exec(part) ?? [];
    if (domain === undefined || sequence === undefined) return null;
    const known = position.get(domain) ?? 0n;
    position.set(domain, BigInt(sequence) > known ? BigInt(sequence) : known);
  }
  return position;
}
