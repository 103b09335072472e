import * as z from "zod";
import { defineProbe } from "../define.ts";
import { type ServerRow, serverRowSchema } from "../rows.ts";

const answerSchema = z.object({
  version: z.string(),
  standby: z.boolean(),
  read_only: z.boolean(),
  uptime_seconds: z.number(),
  max_connections: z.number().int(),
  reserved: z.number().int(),
});

/**
 * reset_val: the responder's own sessions are always read-only. Reserved slots: superuser_reserved_connections,
 * since 16 reserved_connections (members of pg_use_reserved_connections), on RDS up to 15
 * rds.rds_superuser_reserved_connections.
 */
const sql = `
  select current_setting('server_version') as version, pg_is_in_recovery() as standby,
    coalesce((select reset_val = 'on' from pg_settings where name = 'default_transaction_read_only'), false) as read_only,
    extract(epoch from clock_timestamp() - pg_postmaster_start_time())::float8 as uptime_seconds,
    current_setting('max_connections')::int as max_connections,
    current_setting('superuser_reserved_connections')::int
      + coalesce(nullif(current_setting('reserved_connections', true), '')::int, 0)
      + coalesce(nullif(current_setting('rds.rds_superuser_reserved_connections', true), '')::int, 0) as reserved`;

export const postgresServer = defineProbe({
  id: "postgres-server",
  spec: ["P1"],
  title: "Is it writable, since when is it up, how many connections does it take?",
  engines: ["postgres"],
  tier: "immediate",
  cost: "One row of settings; constant.",
  needs: [],
  row: serverRowSchema,
  maxRows: 1,
  source: "https://www.postgresql.org/docs/current/functions-info.html",
  statements: () => [{ sql }],
  read: ([rows = []]): ServerRow[] => {
    const answer = answerSchema.parse(rows[0]);
    return [
      {
        version: answer.version,
        writable: !answer.standby && !answer.read_only,
        readOnlyBecause: whyReadOnly(answer),
        uptimeSeconds: Math.max(0, answer.uptime_seconds),
        maxConnections: answer.max_connections,
        reservedConnections: answer.reserved,
      },
    ];
  },
});

function whyReadOnly({ standby, read_only }: z.infer<typeof answerSchema>): string | null {
  if (standby) return "it is a standby: it replays what the writer does";
  return read_only ? "default_transaction_read_only is on" : null;
}
