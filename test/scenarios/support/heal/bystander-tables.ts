import type { Engine } from "../../../lab/engines/lab-server.ts";

export const roles = ["reader", "writer", "transaction"] as const;
export type Role = (typeof roles)[number];

export function tableOf(role: Role): string {
  return `bystander_${role}`;
}

/** As the application's own: on PostgreSQL its role owns them, as an object the responder may look after. */
export function prepareSql(engine: Engine): readonly string[] {
  const values = Array.from({ length: 100 }, (_, index) => `(${index + 1}, 0, 'bystander')`).join(", ");
  return roles.flatMap((role) => {
    const table = tableOf(role);
    return [
      `CREATE TABLE ${table} (id int PRIMARY KEY, n int NOT NULL, note varchar(20) NOT NULL)`,
      `CREATE INDEX ${table}_note ON ${table} (note)`,
      `INSERT INTO ${table} VALUES ${values}`,
      ...(engine === "postgres" ? [`ALTER TABLE ${table} OWNER TO shop`, `ANALYZE ${table}`] : []),
    ];
  });
}

/** The rows that it changes, together: the transaction's two are one change. */
export function rowsSql(role: Exclude<Role, "reader">): string {
  const last = role === "transaction" ? 2 : 1;
  return `SELECT MIN(n) AS low, MAX(n) AS high FROM ${tableOf(role)} WHERE id <= ${last}`;
}

/** Their columns and indexes, as far as an action could change them. */
export function objectsSql(engine: Engine): string {
  return engine === "postgres"
    ? `SELECT c.relname, c.reloptions::text, pg_get_userbyid(c.relowner) AS owner, i.indexrelid::regclass::text AS index,
         pg_get_indexdef(i.indexrelid) AS def, i.indisvalid, (SELECT string_agg(attname || ' ' || atttypid::regtype, ',' ORDER BY attnum)
           FROM pg_attribute a WHERE a.attrelid = c.oid AND attnum > 0) AS columns
       FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid WHERE c.relname LIKE 'bystander%' ORDER BY 1, 4`
    : `SELECT s.TABLE_NAME, s.INDEX_NAME, s.SEQ_IN_INDEX, s.COLUMN_NAME, (SELECT GROUP_CONCAT(c.COLUMN_NAME, ' ', c.COLUMN_TYPE ORDER BY c.ORDINAL_POSITION)
           FROM information_schema.COLUMNS c WHERE c.TABLE_SCHEMA = s.TABLE_SCHEMA AND c.TABLE_NAME = s.TABLE_NAME) AS columns_are
       FROM information_schema.STATISTICS s WHERE s.TABLE_SCHEMA = 'app' AND s.TABLE_NAME LIKE 'bystander%' ORDER BY 1, 2, 3`;
}
