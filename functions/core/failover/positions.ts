import type { Position } from "../contract/failover-topology.ts";

/** How far `at` is behind `of`. Bytes for WAL, transactions for GTIDs; both 0: it has everything. */
export interface Behind {
  readonly bytes: number | null;
  readonly transactions: number | null;
}

/** Null: the two cannot be compared. A GTID set says what lacks, not in which order; a WAL location only how much. */
export function behind(at: Position | null, of: Position | null): Behind | null {
  if (at === null || of === null || at.kind !== of.kind) return null;
  switch (at.kind) {
    case "lsn":
      return behindLsn(at.value, of.value);
    case "gtid":
      return behindGtid(at.value, of.value);
    case "mariadb-gtid":
      return behindDomains(at.value, of.value);
    case "binlog":
      return behindBinlog(at.value, of.value);
    default:
      return at.kind satisfies never;
  }
}

export function hasAll(at: Position | null, of: Position | null): boolean | null {
  const gap = behind(at, of);
  return gap === null ? null : (gap.bytes ?? 0) === 0 && (gap.transactions ?? 0) === 0;
}

function behindLsn(at: string, of: string): Behind | null {
  const [here, there] = [lsn(at), lsn(of)];
  if (here === null || there === null) return null;
  return { bytes: Number(there > here ? there - here : 0n), transactions: null };
}

function lsn(value: string): bigint | null {
  const [, high = "", low = ""] = /^([0-9A-F]{1,8})\/([0-9A-F]{1,8})$/i.exec(value) ?? [];
  return high === "" ? null : (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}

type Ranges = Map<string, [number, number][]>;

/** https://dev.mysql.com/doc/refman/8.4/en/replication-gtids-concepts.html: uuid[:tag]:1-5:7, and so on. */
function behindGtid(at: string, of: string): Behind | null {
  const [here, there] = [gtids(at), gtids(of)];
  if (here === null || there === null) return null;
  let transactions = 0;
  for (const [source, wanted] of there) {
    for (const range of wanted) transactions += lacking(range, here.get(source) ?? []);
  }
  return { bytes: null, transactions };
}

function gtids(value: string): Ranges | null {
  const sets: Ranges = new Map();
  for (const part of value.replaceAll(/\s+/g, "").split(",").filter(Boolean)) {
    const [uuid = "", ...rest] = part.toLowerCase().split(":");
    if (!/^[0-9a-f-]{36}$/.test(uuid) || rest.length === 0) return null;
    let source = uuid;
    for (const piece of rest) {
      const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(piece) ?? [];
      if (from === undefined) source = `${uuid}:${piece}`;
      else sets.set(source, [...(sets.get(source) ?? []), [Number(from), Number(to ?? from)]]);
    }
  }
  return sets;
}

function lacking([from, to]: [number, number], has: readonly (readonly [number, number])[]): number {
  const covered = has
    .map(([start, end]) => [Math.max(start, from), Math.min(end, to)] as const)
    .filter(([start, end]) => start <= end)
    .toSorted(([a], [b]) => a - b);
  let [next, missing] = [from, 0];
  for (const [start, end] of covered) {
    missing += Math.max(0, start - next);
    next = Math.max(next, end + 1);
  }
  return missing + Math.max(0, to - next + 1);
}

/** https://mariadb.com/kb/en/gtid/: domain-server-sequence, the last of each domain; counts within a domain. */
function behindDomains(at: string, of: string): Behind | null {
  const [here, there] = [domains(at), domains(of)];
  if (here === null || there === null) return null;
  let transactions = 0;
  for (const [domain, sequence] of there) transactions += Math.max(0, sequence - (here.get(domain) ?? 0));
  return { bytes: null, transactions };
}

function domains(value: string): ReadonlyMap<string, number> | null {
  const last = new Map<string, number>();
  for (const part of value.replaceAll(/\s+/g, "").split(",").filter(Boolean)) {
    const [, domain = "", sequence] = /^(\d+)-\d+-(\d+)$/.exec(part) ?? [];
    if (sequence === undefined) return null;
    last.set(domain, Math.max(last.get(domain) ?? 0, Number(sequence)));
  }
  return last;
}

/**
 * Places in the log of one server; those of two say nothing of each other. Where a file lies between them, the bytes
 * are those of the last one: at least so many.
 */
function behindBinlog(at: string, of: string): Behind | null {
  const [here, there] = [place(at), place(of)];
  if (here === null || there === null || here.server !== there.server) return null;
  const bytes = here.file < there.file ? Math.max(1, there.position) : there.position - here.position;
  return { bytes: here.file > there.file ? 0 : Math.max(0, bytes), transactions: null };
}

function place(value: string) {
  const [, server = "", file, position] = /^([^/]+)\/[^/]*\.(\d+):(\d+)$/.exec(value) ?? [];
  return file === undefined ? null : { server, file: Number(file), position: Number(position) };
}
