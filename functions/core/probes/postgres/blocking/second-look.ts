import * as z from "zod";
import type { SecondLook } from "../../../contract/locks.ts";
import type { SqlRow } from "../../../ports.ts";
import type { FollowStatement, ProbeContext } from "../../define.ts";
import { postgresModesConflict } from "./lock-modes.ts";
import { postgresLockName } from "./lock-names.ts";
import { type PostgresLockRow, postgresLockRowSchema, postgresLocksSql } from "./lock-rows.ts";

/** Long enough for several turns of a lock that goes from hand to hand, short beside the wait for the first message. */
const pauseSeconds = 0.25;

/** With one or two, the turn of the one before is all the wait there is. */
const minWaiting = 3;

/**
 * A lock that shuts out its own kind and that three or more want may have a holder who does harm, or be passed on all
 * the time: who has it a moment later tells. Rows tell it by themselves; their waits begin anew with each turn.
 */
export function secondLookStatements(
  locks: readonly SqlRow[],
  { server }: Pick<ProbeContext, "server">,
): FollowStatement[] {
  if (serialised(z.array(postgresLockRowSchema).parse(locks)).size === 0) return [];
  return [
    { sql: `select pg_sleep(${pauseSeconds})::text as paused`, mayFail: true },
    { sql: postgresLocksSql(server.major), mayFail: true },
  ];
}

/** Null when there was none, or it failed. */
export function secondLookOf(
  locks: readonly SqlRow[],
  [, later]: readonly (readonly SqlRow[])[],
): SecondLook | null {
  const after = z.array(postgresLockRowSchema).safeParse(later);
  if (later === undefined || !after.success) return null;
  const then = byObject(after.data);
  const objects = [...serialised(z.array(postgresLockRowSchema).parse(locks))].map(([object, rows]) => {
    const now = then.get(object) ?? [];
    const [first] = queueOf(rows);
    const waitsOn = now.some(
      ({ granted, pid, wait_started }) =>
        !granted && pid === first?.pid && wait_started === first?.wait_started,
    );
    const holders = new Set(holdersOf(rows).map(({ pid }) => pid));
    const sameHolder = now.some(({ granted, pid }) => granted && holders.has(pid));
    return { object, moved: !waitsOn && !sameHolder, still: waitsOn && sameHolder };
  });
  return {
    seconds: pauseSeconds,
    moved: objects.filter(({ moved }) => moved).map(({ object }) => object),
    still: objects.filter(({ still }) => still).map(({ object }) => object),
  };
}

/** Objects held in a mode that shuts itself out, and that the others want in that very mode. */
function serialised(rows: readonly PostgresLockRow[]): ReadonlyMap<string, readonly PostgresLockRow[]> {
  return new Map(
    [...byObject(rows)].filter(([, all]) => {
      const modes = new Set(holdersOf(all).map(({ mode }) => mode));
      return queueOf(all).filter(({ mode }) => modes.has(mode)).length >= minWaiting;
    }),
  );
}

function holdersOf(rows: readonly PostgresLockRow[]): readonly PostgresLockRow[] {
  return rows.filter(({ granted, mode }) => granted && postgresModesConflict(mode, mode));
}

function queueOf(rows: readonly PostgresLockRow[]): readonly PostgresLockRow[] {
  const since = ({ wait_started }: PostgresLockRow): number => wait_started ?? Number.POSITIVE_INFINITY;
  return rows
    .filter(({ granted }) => !granted)
    .toSorted((a, b) => since(a) - since(b) || (a.pid ?? 0) - (b.pid ?? 0));
}

function byObject(rows: readonly PostgresLockRow[]): ReadonlyMap<string, readonly PostgresLockRow[]> {
  const named = rows.map((row) => ({ row, name: postgresLockName(row) }));
  const lasting = named.filter(({ name }) => name.objectKind !== "transaction" && name.objectKind !== "row");
  const groups = Map.groupBy(lasting, ({ name }) => name.object);
  return new Map([...groups].map(([object, all]) => [object, all.map(({ row }) => row)]));
}
