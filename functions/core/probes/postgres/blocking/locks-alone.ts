import * as z from "zod";
import type { LockForest } from "../../../contract/locks.ts";
import { defineProbe } from "../../define.ts";
import type { PostgresSessionRow } from "../session-row.ts";
import { forestOfLocks } from "./forest-of-locks.ts";
import { postgresLockInput } from "./lock-input.ts";
import { postgresLocksSql, postgresPreparedSql } from "./lock-rows.ts";
import { postgresLocksAloneRows } from "./locks-alone-rows.ts";

/** What pg_stat_activity shows of everybody to everybody. Whose own rows these are may show more, and must not here. */
const everybodySql = `
  select a.pid as id, a.usename::text as user_name, a.datname::text as database_name,
    a.pid = pg_backend_pid() as own, date_part('epoch', statement_timestamp()) as at_seconds
  from pg_stat_activity a where a.datname is not null`;

const personSchema = z.object({
  id: z.number().int(),
  user_name: z.string().nullable(),
  database_name: z.string().nullable(),
  own: z.boolean(),
  at_seconds: z.number(),
});

export const postgresLocksAlone = defineProbe({
  ...postgresLocksAloneRows,
  spec: ["P4"],
  title: "Who waits for whose lock, by what every user may read?",
  engines: ["postgres"],
  tier: "immediate",
  cost: "One copy of the lock table; linear in the locks. Asked only when postgres-blocking had no answer.",
  needs: [],
  maxRows: 1,
  source: "https://www.postgresql.org/docs/current/view-pg-locks.html",
  standsInFor: ["postgres-blocking"],
  statements: ({ server }) => [
    { sql: postgresLocksSql(server.major) },
    { sql: everybodySql },
    { sql: postgresPreparedSql },
  ],
  read: ([locks = [], people = [], prepared = []], context): LockForest[] => {
    const sessions = z.array(personSchema).parse(people).map(hiddenSession);
    return [forestOfLocks(postgresLockInput(locks, sessions, prepared, context))];
  },
});

function hiddenSession(person: z.infer<typeof personSchema>): PostgresSessionRow {
  return {
    ...person,
    session_key: "hidden",
    statement_key: null,
    application: null,
    client: null,
    backend_type: "client backend",
    leader_pid: null,
    state: null,
    superuser: false,
    administrator: null,
    state_since: null,
    state_seconds: null,
    transaction_seconds: null,
    statement_seconds: null,
    session_seconds: null,
    autocommit: null,
    keeps_snapshot: null,
    cut: null,
    wait_event: null,
    query: null,
    legible: false,
    opted_out: false,
  };
}
