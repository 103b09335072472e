import type { LogExcerpt, LoggedTemporary, LoggedVacuum } from "../contract/log-excerpt.ts";
import { compare } from "../text/compare.ts";
import { isoTime } from "../text/iso-time.ts";
import { isRaisedIn } from "../text/routine-frame.ts";
import { type ReadRecord, readProcesses, type Said } from "./read-processes.ts";

/** What PostgreSQL's log says of work that was done: its temporary files, and vacuums that left rows. */
export type LoggedWork = Pick<NonNullable<LogExcerpt["read"]>, "temporary" | "vacuums">;

/** What rules look back for. */
const windowSeconds = 15 * 60;
const mostStatements = 3;
const mostTables = 5;

/**
 * With log_temp_files, as a file is removed: https://www.postgresql.org/docs/current/runtime-config-logging.html
 */
const temporaryFile = /^temporary file: path "[^"\n]{1,200}", size (\d{1,15})$/;

/**
 * With log_autovacuum_min_duration, which RDS sets to 10 s:
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Autovacuum.html
 */
const vacuumed =
  /^automatic (?:aggressive )?vacuum (?:to prevent wraparound )?of table "([^".\n]{1,63})\.([^"\n]{1,127})": /;
const tuples = /\btuples: (\d{1,15}) removed, (\d{1,15}) remain, (\d{1,15}) are dead but not yet removable/;
/** From 15 on. */
const cutoff = /\bremovable cutoff: \d{1,15}, which was (\d{1,15}) XIDs old when operation ended/;

/** Most logs tell of neither. */
const told = /LOG: {2}(?:temporary file: |automatic )/;

interface File {
  readonly at: number;
  readonly bytes: number;
  readonly user: string;
  query: string | null;
  /** By RAISE, in an application's own words. */
  raised: boolean;
}

/** `shown` takes the values from a statement. */
export function workIn(records: readonly ReadRecord[], shown: (statement: string) => string): LoggedWork {
  if (!records.some(({ text }) => told.test(text))) return {};
  const files: File[] = [];
  const vacuums: LoggedVacuum[] = [];
  const open = new Map<string, File | null>();
  let newest = 0;
  readProcesses(records, {
    says: (said) => {
      newest = Math.max(newest, said.doubted ? 0 : said.at);
      const file = fileOf(said);
      open.set(said.process, file);
      if (file !== null) files.push(file);
      const vacuum = vacuumOf(said);
      if (vacuum !== null) vacuums.push(vacuum);
    },
    adds: ({ process, level, text }) => {
      const file = open.get(process ?? "") ?? null;
      if (file !== null && level === "STATEMENT") file.query ??= shown(text);
      if (file !== null && level === "CONTEXT") file.raised ||= isRaisedIn(text, "LOG");
    },
  });
  const since = newest - windowSeconds;
  const temporary = temporaryOf(files.filter(({ at, raised }) => at >= since && !raised));
  const left = ofTables(vacuums.filter(({ until }) => Date.parse(until) / 1000 >= since));
  return {
    ...(temporary === null ? {} : { temporary }),
    ...(left.length === 0 ? {} : { vacuums: [...left] }),
  };
}

function fileOf({ at, client, level, text, doubted }: Said): File | null {
  const size = level === "LOG" && client !== null && !doubted ? temporaryFile.exec(text)?.[1] : undefined;
  return size === undefined
    ? null
    : { at, bytes: Number(size), user: client?.user ?? "", query: null, raised: false };
}

function temporaryOf(files: readonly File[]): LoggedTemporary | null {
  const [first, last] = [files[0], files.at(-1)];
  if (first === undefined || last === undefined) return null;
  const statements = [...Map.groupBy(files, ({ query }) => query)]
    .map(([query, of]) => ({
      query,
      files: of.length,
      bytes: bytesOf(of),
      user: onlyOne(of.map(({ user }) => user)),
    }))
    .toSorted((a, b) => b.bytes - a.bytes || compare(a.query ?? "", b.query ?? ""));
  return {
    files: files.length,
    bytes: bytesOf(files),
    since: isoTime(first.at),
    until: isoTime(last.at),
    statements: statements.slice(0, mostStatements),
  };
}

const bytesOf = (files: readonly File[]): number => files.reduce((sum, { bytes }) => sum + bytes, 0);

function onlyOne(users: readonly string[]): string | null {
  const [first = null, ...others] = new Set(users);
  return others.length === 0 ? first : null;
}

function vacuumOf({ at, client, level, text, doubted }: Said): LoggedVacuum | null {
  if (client !== null || level !== "LOG" || doubted) return null;
  const [, database, table] = vacuumed.exec(text) ?? [];
  const [, removed, remain, held] = tuples.exec(text) ?? [];
  if (database === undefined || table === undefined || held === undefined) return null;
  const age = cutoff.exec(text)?.[1];
  return {
    database,
    table,
    runs: 1,
    since: isoTime(at),
    until: isoTime(at),
    removed: Number(removed),
    remain: Number(remain),
    held: Number(held),
    heldAtFirst: Number(held),
    cutoffAge: age === undefined ? null : Number(age),
  };
}

/** The last of each table, with what the ones before removed; what left most first. */
function ofTables(vacuums: readonly LoggedVacuum[]): readonly LoggedVacuum[] {
  return [...Map.groupBy(vacuums, ({ database, table }) => `${database}.${table}`).values()]
    .flatMap((all) => {
      const [first, last] = [all[0], all.at(-1)];
      if (first === undefined || last === undefined || last.held === 0) return [];
      const removed = all.reduce((sum, one) => sum + one.removed, 0);
      return [{ ...last, runs: all.length, since: first.since, heldAtFirst: first.held, removed }];
    })
    .toSorted((a, b) => b.held - a.held || compare(a.table, b.table))
    .slice(0, mostTables);
}
