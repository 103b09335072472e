import * as z from "zod";
import { defineProbe } from "../define.ts";
import { type ServerRow, serverRowSchema } from "../rows.ts";

const namedSchema = z.object({ Variable_name: z.string(), Value: z.string() });

const variables = ["version", "read_only", "super_read_only", "innodb_read_only", "max_connections"] as const;

export const mysqlServer = defineProbe({
  id: "mysql-server",
  spec: ["P21"],
  title: "Is it writable, since when is it up, how many connections does it take?",
  engines: ["mysql", "mariadb"],
  tier: "immediate",
  cost: "A handful of variables; constant.",
  needs: [],
  row: serverRowSchema,
  maxRows: 1,
  source: "https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_read_only",
  statements: () => [
    {
      sql: `SHOW GLOBAL VARIABLES WHERE Variable_name IN (${variables.map((name) => `'${name}'`).join(", ")})`,
    },
    { sql: "SHOW GLOBAL STATUS LIKE 'Uptime'" },
  ],
  read: (answers): ServerRow[] => {
    const rows = z.array(namedSchema).parse(answers.flat());
    const values = new Map(rows.map(({ Variable_name, Value }) => [Variable_name, Value]));
    const readOnlyBecause = whyReadOnly((name) => !/^(OFF|0|)$/i.test(values.get(name) ?? ""));
    return [
      {
        version: z.string().parse(values.get("version")),
        writable: readOnlyBecause === null,
        readOnlyBecause,
        uptimeSeconds: z.coerce.number().parse(values.get("Uptime")),
        maxConnections: z.coerce.number().parse(values.get("max_connections")),
        // The administrators' slot of both engines comes on top of max_connections; none is taken off it.
        reservedConnections: 0,
      },
    ];
  },
});

/** Newer MariaDB knows several levels of read_only: whatever is not OFF is one. */
function whyReadOnly(isOn: (name: string) => boolean): string | null {
  if (isOn("innodb_read_only"))
    return "innodb_read_only is on: an Aurora reader, or a server started to be read";
  if (isOn("super_read_only")) return "super_read_only is on: a replica, or a failover under way";
  return isOn("read_only") ? "read_only is on: a replica, or somebody set it" : null;
}
