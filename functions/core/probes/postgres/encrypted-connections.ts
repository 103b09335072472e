import * as z from "zod";
import { defineProbe } from "../define.ts";
import {
  type EncryptedConnectionsRow,
  postgresEncryptedConnectionsRows,
} from "../encrypted-connections-rows.ts";
import { pgMonitor } from "./sight.ts";

/** Who comes by a socket of the machine itself crosses no network. */
const sql = `
  select a.usename::text as user, nullif(a.application_name, '') as application,
    count(*) filter (where s.ssl)::int as encrypted, count(*) filter (where not s.ssl)::int as plain
  from pg_stat_activity a join pg_stat_ssl s using (pid)
  where a.backend_type = 'client backend' and a.client_addr is not null and a.usename <> 'rdsadmin'
  group by a.usename, nullif(a.application_name, '')
  order by plain desc, encrypted desc, 1, 2 limit 50`;

export const postgresEncryptedConnections = defineProbe({
  ...postgresEncryptedConnectionsRows,
  spec: ["P15"],
  title: "Who is connected without TLS?",
  engines: ["postgres"],
  tier: "health",
  cost: "One pass over pg_stat_activity; linear in the connections.",
  needs: [pgMonitor],
  maxRows: 50,
  source: "https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-SSL-VIEW",
  statements: () => [{ sql }],
  read: ([rows = []]): EncryptedConnectionsRow[] => z.array(postgresEncryptedConnectionsRows.row).parse(rows),
});
