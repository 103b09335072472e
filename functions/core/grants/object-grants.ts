import type { Engine } from "../contract/target.ts";
import { mysqlName, postgresName } from "../text/sql-names.ts";

/**
 * What looking after tables and indexes takes (A7 to A14), which no user has unless somebody wants it: on PostgreSQL
 * only who owns an object may change it, so `of` is the role that owns them; elsewhere it is the schema.
 * ANALYZE TABLE takes SELECT and INSERT: https://dev.mysql.com/doc/refman/8.4/en/analyze-table.html
 * In a GRANT, _ and % of a schema stand for others: https://dev.mysql.com/doc/refman/8.4/en/grant.html
 */
export function objectGrants(engine: Engine, of: string, to: string): readonly string[] {
  return engine === "postgres"
    ? [`GRANT ${postgresName(of)} TO ${to};`]
    : [`GRANT SELECT, INSERT, INDEX, ALTER ON ${mysqlName(of).replaceAll(/[_%]/g, "\\$&")}.* TO ${to};`];
}
