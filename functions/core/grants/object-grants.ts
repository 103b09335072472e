import { alterJob } from "../actions/statements/cron-job.ts";
import type { Engine } from "../contract/target.ts";
import { mysqlName, postgresName } from "../text/sql-names.ts";

/**
 * What looking after tables and indexes takes (A7 to A14), which no user has unless somebody wants it: on PostgreSQL
 * only who owns an object may change it, so `of` is the role that owns them; elsewhere it is the schema.
 * ANALYZE TABLE takes SELECT and INSERT: https://dev.mysql.com/doc/refman/8.4/en/analyze-table.html
 * In a GRANT, _ and % of a schema stand for others: https://dev.mysql.com/doc/refman/8.4/en/grant.html
 * Each is one whole statement.
 */
export function objectGrants(engine: Engine, of: string, to: string): readonly string[] {
  return engine === "postgres"
    ? [`GRANT ${postgresName(of)} TO ${to};`, jobGrants(postgresName(of))]
    : [
        `GRANT SELECT, INSERT, INDEX, ALTER, EVENT ON ${mysqlName(of).replaceAll(/[_%]/g, "\\$&")}.* TO ${to};`,
      ];
}

/**
 * Who owns a job of pg_cron pauses it, once it may call what does that: nobody may by default, not even the owner.
 * https://github.com/citusdata/pg_cron/issues/258
 */
function jobGrants(owner: string): string {
  return `-- Run once more in the database that keeps the jobs of pg_cron (cron.database_name).
DO $$ BEGIN
  GRANT USAGE ON SCHEMA cron TO ${owner};
  GRANT EXECUTE ON FUNCTION ${alterJob} TO ${owner};
EXCEPTION WHEN invalid_schema_name OR undefined_function OR insufficient_privilege THEN
  RAISE NOTICE 'jobs of pg_cron are not paused here: %', SQLERRM;
END $$;`;
}
