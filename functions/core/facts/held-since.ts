import { duration, lockObject } from "../text/wording.ts";
import { type LockGraph, type LockMember, subtree } from "./lock-graph.ts";
import type { View } from "./view.ts";

/** A wait for a transaction is one for a row that it has written. */
export function waitsForRow({ waitsFor }: LockMember): boolean {
  if (waitsFor === null) return false;
  const { objectKind, object } = waitsFor;
  return objectKind === "row" || (objectKind === "transaction" && /^transaction \d/.test(object));
}

/** "public.orders" of "row (0,1) of public.orders" and "app.orders" of "row 2 on page 4 of app.orders (PRIMARY)". */
export function tableOfRow(row: string): string | null {
  return / of (\S+)(?: \(\S+\))?$/.exec(row)?.[1] ?? null;
}

/** Clocks of two columns; InnoDB tells both ages in whole seconds. */
const slackSeconds = { postgres: 0.1, innodb: 1 } as const;

/**
 * Whether some have waited for rows of the table for longer than this holder's transaction is open: a lock on a row is no
 * older than its transaction, so that another had it before. Waits further down, for something else that a waiter
 * holds, prove nothing.
 */
export function othersHadIt(view: View, graph: LockGraph, holder: LockMember): boolean {
  const age = holder.session?.transactionSeconds ?? null;
  if (age === null) return false;
  const slack = slackSeconds[view.evidence.target.engine === "postgres" ? "postgres" : "innodb"];
  return rowWaitsOf(graph, holder).some((seconds) => seconds > age + slack);
}

/** How long those have waited, so far as it is told, who want a row of the tables of which this one has rows. */
function rowWaitsOf(graph: LockGraph, { key }: LockMember): readonly number[] {
  const direct = (graph.children.get(key) ?? []).filter(waitsForRow);
  const tables = new Set(direct.map(tableWanted).filter((table) => table !== null));
  return subtree(graph, key)
    .filter(waitsForRow)
    .filter((member) => member.parent === key || tables.has(tableWanted(member) ?? ""))
    .flatMap(({ waitsFor }) => waitsFor?.waitSeconds ?? []);
}

function tableWanted({ waitsFor }: LockMember): string | null {
  return waitsFor === null ? null : tableOfRow(lockObject(waitsFor));
}

/**
 * PostgreSQL: since when somebody waits for this very transaction, the longest. Who waits for a row begins anew with
 * each that gets it, so where others are older than that, the row changed hands then. Null: nobody does, or not told.
 */
export function waitedForSeconds(graph: LockGraph, { key }: LockMember): number | null {
  const waits = (graph.children.get(key) ?? [])
    .filter(({ waitsFor }) => waitsFor?.objectKind === "transaction")
    .flatMap(({ waitsFor }) => waitsFor?.waitSeconds ?? []);
  return waits.length === 0 ? null : Math.max(...waits);
}

/**
 * Who waited in the same queue is far older than its hold on the row: "it has had …", or null where it has held it for as
 * long as the others have been at it, or for so long that it is told as a blocker all the same, or nothing tells.
 */
export function heldOnly(view: View, graph: LockGraph, holder: LockMember): string | null {
  const { session } = holder;
  const waited = waitedForSeconds(graph, holder);
  if (view.evidence.target.engine !== "postgres" || session === null || waited === null) return null;
  // What it has done nothing for so long, it has had for so long, however often others give up and ask again.
  const held = Math.max(waited, session.state === "active" ? 0 : (session.stateSeconds ?? 0));
  const oldest = Math.max(0, ...subtree(graph, holder.key).filter(waitsForRow).map(spentSeconds));
  if (held >= view.thresholds.manyWaitingSeconds || oldest <= 2 * held) return null;
  return `it has had what they wait for for ${duration(held)}, and others have been at it for ${duration(oldest)}: they take turns`;
}

/** A wait may begin anew after each turn; the statement does not. */
export function spentSeconds({ waitsFor, session }: LockMember): number {
  return Math.max(waitsFor?.waitSeconds ?? 0, session?.statementSeconds ?? 0);
}

/** All that wait, however long, have waited for this very holder: known on PostgreSQL alone. */
export function keptThemAll(graph: LockGraph, holder: LockMember): boolean {
  const held = waitedForSeconds(graph, holder);
  return (
    held !== null && held + slackSeconds.postgres >= (holder.longestWaitSeconds ?? Number.POSITIVE_INFINITY)
  );
}
