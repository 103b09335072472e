import * as z from "zod";
import type { SqlRow } from "../../ports.ts";
import { type MysqlWaitKind, mysqlWaitKind } from "./wait-kinds.ts";
import type { MysqlWaitProfileRow } from "./wait-profile-rows.ts";

type WorkKind = Exclude<MysqlWaitKind, "idle">;

export const lookSchema = z.object({
  state: z.string().nullable(),
  event: z.string().nullable(),
  sessions: z.coerce.number().int(),
  seconds: z.coerce.number().nullable(),
});
export const levelSchema = z.object({
  name: z.string(),
  value: z.coerce.number(),
  at_seconds: z.coerce.number(),
});

/** The server at one moment. */
export interface Look {
  readonly sessions: readonly SqlRow[];
  readonly levels: readonly SqlRow[];
}

interface Seen {
  readonly kind: WorkKind;
  readonly name: string;
  sessions: number;
  /** Of all of them together; null when the age of one is not known. */
  seconds: number | null;
}

/** Everybody who was seen at work in one look, by what they were at. */
export function seenIn({ sessions, levels }: Look, seesWaits: boolean): readonly Seen[] {
  const seen = z
    .array(lookSchema)
    .parse(sessions)
    .flatMap((row): Seen[] => {
      const kind = mysqlWaitKind(row.event, row.state, seesWaits);
      return kind === "idle"
        ? []
        : [{ kind, name: nameOf(row), sessions: row.sessions, seconds: row.seconds }];
    });
  const level = levelsOf(levels);
  const locked = take(seen, "lock", "InnoDB row lock", level("Innodb_row_lock_current_waits"));
  const reading = seesWaits ? [] : take(seen, "io", "InnoDB page read", level("Innodb_data_pending_reads"));
  return [...seen.filter(({ sessions: left }) => left > 0), ...locked, ...reading];
}

function nameOf({ event, state }: z.infer<typeof lookSchema>): string {
  return event ?? (state || "no state");
}

/** MariaDB writes the names in capitals. */
export function levelsOf(rows: readonly SqlRow[]): (name: string) => number | null {
  const levels = new Map(
    z
      .array(levelSchema)
      .parse(rows)
      .map(({ name, value }) => [name.toLowerCase(), value]),
  );
  return (name) => levels.get(name.toLowerCase()) ?? null;
}

/**
 * A thread that waits for a row or a page keeps the state of its statement ("updating", "executing"); InnoDB counts
 * such waits. Who exactly waits is not known, so they are taken from whoever may be: the largest group first.
 */
function take(seen: readonly Seen[], kind: WorkKind, name: string, count: number | null): readonly Seen[] {
  let left = Math.max(0, count ?? 0);
  const taken = left;
  const working = seen
    .filter((one) => one.kind === "work" || one.kind === "cpu")
    .toSorted((a, b) => b.sessions - a.sessions);
  for (const one of working) {
    const part = Math.min(left, one.sessions);
    if (one.seconds !== null && part > 0) one.seconds *= (one.sessions - part) / one.sessions;
    one.sessions -= part;
    left -= part;
  }
  return taken === left ? [] : [{ kind, name, sessions: taken - left, seconds: null }];
}

/** Looks added up by kind and name, the most frequent first. */
export function addUp(looks: readonly (readonly Seen[])[]): MysqlWaitProfileRow["waits"] {
  const sums = new Map<string, Seen>();
  for (const one of looks.flat()) {
    const key = `${one.kind} ${one.name}`;
    const sum = sums.get(key) ?? { ...one, sessions: 0, seconds: 0 };
    sum.sessions += one.sessions;
    sum.seconds = sum.seconds === null || one.seconds === null ? null : sum.seconds + one.seconds;
    sums.set(key, sum);
  }
  const all = [...sums.values()].reduce((total, { sessions }) => total + sessions, 0);
  return [...sums.values()]
    .toSorted((a, b) => b.sessions - a.sessions || (a.name < b.name ? -1 : 1))
    .map(({ kind, name, sessions, seconds }) => ({
      kind,
      name,
      observations: sessions,
      averageSessions: sessions / looks.length,
      percent: (100 * sessions) / all,
      meanSeconds: seconds === null ? null : Math.max(0, seconds / sessions),
    }));
}
