import { mysqlInnodbRatesRows } from "../probes/mysql/innodb-rates-rows.ts";
import { mysqlLimitsRows } from "../probes/mysql/limits/rows.ts";
import { compare } from "../text/compare.ts";
import type { View } from "./view.ts";

/** A limit that the server itself keeps, and how near it is. */
export interface ServerLimit {
  /** As the server calls it. */
  readonly name:
    | "max_prepared_stmt_count"
    | "open_files_limit"
    | "max_user_connections"
    | "max_connect_errors";
  /** The user or host that it is about. */
  readonly of: string | null;
  readonly used: number;
  readonly max: number;
  /** What was refused for it; null where the server does not count it. */
  readonly refused: { readonly count: number; readonly secondsAgo: number | null } | null;
  /** Who takes most of it, in words. */
  readonly takenBy: string | null;
}

/** Nearest first; null when no probe could see them. */
export function serverLimits(view: View): readonly ServerLimit[] | null {
  const row = view.rows(mysqlLimitsRows)?.[0];
  if (row === undefined) return null;
  const refusedBy = (...errnos: readonly number[]): ServerLimit["refused"] => {
    if (row.refusals === null) return null;
    const all = row.refusals.filter(({ errno }) => errnos.includes(errno));
    const count = all.reduce((sum, one) => sum + one.count, 0);
    return { count, secondsAgo: all.length === 0 ? null : Math.min(...all.map((one) => one.secondsAgo)) };
  };
  const hosts = (row.blockedHosts ?? []).map(
    ({ host, errors, refused }): ServerLimit => ({
      name: "max_connect_errors",
      of: host,
      used: errors,
      max: row.maxConnectErrors,
      refused: { count: refused, secondsAgo: null },
      takenBy: null,
    }),
  );
  const [owner] = row.statementOwners ?? [];
  const prepared: ServerLimit = {
    name: "max_prepared_stmt_count",
    of: null,
    ...row.preparedStatements,
    refused: refusedBy(1461),
    takenBy:
      owner === undefined
        ? null
        : `user ${owner.user} keeps ${owner.statements} in ${owner.sessions} session${owner.sessions === 1 ? "" : "s"}, one of them ${owner.mostOfOne}`,
  };
  const files: ServerLimit = {
    name: "open_files_limit",
    of: null,
    ...row.openFiles,
    refused: null,
    takenBy: null,
  };
  const users = userLimit(view, row.maxUserConnections, refusedBy(1203, 1226));
  return [prepared, files, ...users, ...hosts]
    .filter(({ max }) => max > 0)
    .toSorted((a, b) => b.used / b.max - a.used / a.max || compare(a.name, b.name));
}

/** Of each user; a limit that one account alone was given shows by its refusals only (1226). */
function userLimit(view: View, max: number, refused: ServerLimit["refused"]): readonly ServerLimit[] {
  const byUser = Map.groupBy(view.connections ?? [], ({ user }) => user ?? "unknown");
  const [most] = [...byUser]
    .map(([user, groups]) => ({ user, used: groups.reduce((sum, { count }) => sum + count, 0) }))
    .toSorted((a, b) => b.used - a.used || compare(a.user, b.user));
  if (most === undefined || max === 0) return [];
  return [{ name: "max_user_connections", of: most.user, used: most.used, max, refused, takenBy: null }];
}

interface AccountRefusals {
  readonly count: number;
  readonly secondsAgo: number;
  /** Who was refused, most first, and how many connections each has now; null where only the number is counted. */
  readonly accounts: readonly { readonly user: string; readonly connections: number }[] | null;
}

/** Whoever has a limit of their own is refused with 1226; null where nobody was. */
export function accountRefusals(view: View, withinSeconds: number): AccountRefusals | null {
  const row = view.rows(mysqlLimitsRows)?.[0];
  const refusal = row?.refusals?.find(({ errno }) => errno === 1226);
  if (refusal === undefined || refusal.secondsAgo > withinSeconds) return null;
  const named = (row?.refusedAccounts ?? null)?.filter(({ secondsAgo }) => secondsAgo <= withinSeconds);
  const { count, secondsAgo } = refusal;
  const accounts = named?.map(({ user }) => ({ user, connections: connectionsOf(view, user) })) ?? null;
  return { count, secondsAgo, accounts };
}

function connectionsOf({ connections }: View, user: string): number {
  return (connections ?? [])
    .filter((group) => group.user === user)
    .reduce((sum, { count }) => sum + count, 0);
}

/** The responder's own look into the dictionary opens some hundred tables. */
const manyClosed = 500;
const oftenPercent = 10;
const fullPercent = 90;

export interface TableCacheThrash {
  readonly closedPerSecond: number;
  readonly statementsPerSecond: number;
  readonly used: number;
  readonly max: number;
}

/** Tables that are closed to open others, again and again: the cache is full, and a good part of the statements miss it. */
export function tableCacheThrash(view: View): TableCacheThrash | null {
  const tables = view.rows(mysqlLimitsRows)?.[0]?.openTables;
  const rates = view.rows(mysqlInnodbRatesRows)?.[0];
  const [closed, statements] = [rates?.tableCacheOverflowsPerSecond ?? 0, rates?.statementsPerSecond ?? 0];
  if (tables === undefined || tables.used * 100 < tables.max * fullPercent) return null;
  if (closed < manyClosed || closed * 100 < statements * oftenPercent) return null;
  return { closedPerSecond: closed, statementsPerSecond: statements, ...tables };
}

/** Statements that a server refused because it is read only (MySQL); null where none was, or nobody counts. */
export function writesRefused(view: View): { readonly count: number; readonly secondsAgo: number } | null {
  const all = (view.rows(mysqlLimitsRows)?.[0]?.refusals ?? []).filter(
    ({ errno }) => errno === 1290 || errno === 1836,
  );
  if (all.length === 0) return null;
  return {
    count: all.reduce((sum, { count }) => sum + count, 0),
    secondsAgo: Math.min(...all.map(({ secondsAgo }) => secondsAgo)),
  };
}
