import * as z from "zod";
import { SqlError } from "../../errors.ts";
import { defineProbe } from "../define.ts";
import {
  type EncryptedConnectionsRow,
  mysqlEncryptedConnectionsRows,
} from "../encrypted-connections-rows.ts";
import { performanceSchemaGrant, performanceSchemaSetting } from "./sight.ts";

/** "TCP/IP" is a connection without encryption, "SSL/TLS" one with; sockets cross no network. */
const sql = `
  SELECT PROCESSLIST_USER AS user, CAST(SUM(CONNECTION_TYPE = 'SSL/TLS') AS SIGNED) AS encrypted,
    CAST(SUM(CONNECTION_TYPE = 'TCP/IP') AS SIGNED) AS plain
  FROM performance_schema.threads
  WHERE TYPE = 'FOREGROUND' AND PROCESSLIST_ID IS NOT NULL AND PROCESSLIST_USER <> 'rdsadmin'
  GROUP BY PROCESSLIST_USER ORDER BY plain DESC, encrypted DESC, user LIMIT 50`;

const countedSchema = z.object({
  user: z.string().nullable(),
  encrypted: z.coerce.number().int(),
  plain: z.coerce.number().int(),
});

export const mysqlEncryptedConnections = defineProbe({
  ...mysqlEncryptedConnectionsRows,
  spec: ["P32"],
  title: "Who is connected without TLS?",
  engines: ["mysql", "mariadb"],
  tier: "health",
  cost: "One pass over performance_schema.threads; linear in the connections.",
  needs: [performanceSchemaGrant, performanceSchemaSetting],
  maxRows: 50,
  source: "https://dev.mysql.com/doc/refman/8.4/en/performance-schema-threads-table.html",
  statements: () => [{ sql }],
  read: ([rows = []]): EncryptedConnectionsRow[] => {
    // Our own thread is among them, or there are none to be seen.
    if (rows.length === 0) throw new SqlError("missing-object", "performance_schema", "no thread is shown");
    const counted = z.array(countedSchema).parse(rows);
    return counted
      .filter(({ encrypted, plain }) => encrypted + plain > 0)
      .map((row) => ({ ...row, application: null }));
  },
});
