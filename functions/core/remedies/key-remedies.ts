import { proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { KeyUse } from "../facts/key-use.ts";
import type { View } from "../facts/view.ts";
import { mysqlName } from "../text/sql-names.ts";
import { widenPostgresKey, widenReference } from "./postgres-key-remedies.ts";

/** A person's work on every engine: it writes the table anew. */
export function widenKey(view: View, use: KeyUse): readonly ProposedAction[] {
  switch (view.evidence.target.engine) {
    case "mysql":
    case "mariadb":
      return [use.type.startsWith("bigint") ? lowerCounter(use) : widenMysqlKey(view, use)];
    case "postgres":
      if (use.refersTo !== undefined) return [widenReference(use.refersTo)];
      return use.postgres === undefined
        ? []
        : widenPostgresKey({ ...use.postgres, exhausted: use.exhausted });
    default:
      return view.evidence.target.engine satisfies never;
  }
}

/**
 * A change of type copies the table under LOCK=SHARED; MariaDB copies online from 11.2 on.
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html#online-ddl-column-operations
 * https://mariadb.com/kb/en/alter-table/#online-alter
 */
function widenMysqlKey({ evidence, server }: View, use: KeyUse): ProposedAction {
  const version = server?.version ?? evidence.target.engineVersion ?? "";
  const online = evidence.target.engine === "mariadb" && /^(?:11\.[2-9]|11\.\d\d|1[2-9])/.test(version);
  const wide = /\bunsigned\b/.test(use.type) ? "BIGINT UNSIGNED" : "BIGINT";
  const alter = `ALTER TABLE ${mysqlName(use.schema, use.table)} MODIFY ${mysqlName(use.column)} ${wide} NOT NULL AUTO_INCREMENT, ALGORITHM=COPY, LOCK=${online ? "NONE" : "SHARED"}`;
  const writers = online
    ? "Writers go on meanwhile"
    : use.exhausted
      ? "Writers wait meanwhile, UPDATE and DELETE, too"
      : "Writers wait meanwhile: use gh-ost or pt-online-schema-change, or a blue/green deployment, before it is full";
  return proposeManual({
    id: "widen-key",
    spec: ["D4"],
    risk: "disruptive",
    preview: `SET SESSION lock_wait_timeout = 5;\n${alter}`,
    describes: `give ${use.column} of ${use.table} ${wide} in place of ${use.type}`,
    consequence: `Copies the whole table and needs its size in free storage. ${writers}; replicas lag for as long. At its end it needs the table alone: behind a transaction that is open on it it gives up after 5 s and the whole copy is lost, so first see that none is open. Take the column's other attributes from SHOW CREATE TABLE (foreign keys that refer to it have to be dropped, widened and added again), and see that applications read more than 32 bits. Undo: the old type, while no larger value is stored.`,
  });
}

/** 64 bits are never used up by counting: somebody has inserted a number of their own. */
function lowerCounter({ schema, table, column, maxValue }: KeyUse): ProposedAction {
  const name = mysqlName(schema, table);
  return proposeManual({
    id: "lower-key-counter",
    spec: ["D4"],
    risk: "irreversible",
    preview: `SELECT ${mysqlName(column)} FROM ${name} ORDER BY 1 DESC LIMIT 10; -- then give the strays another key, and: SET SESSION lock_wait_timeout = 5; ALTER TABLE ${name} AUTO_INCREMENT = 1`,
    describes: `find the row of ${table} that was given a number near ${maxValue}, and bring the counter back below it`,
    consequence: `A counter of 64 bits does not get there by counting. Changing a row's key breaks what refers to it; AUTO_INCREMENT = 1 sets the counter to the largest key and one, and needs the table for itself for a moment. Copies of the row elsewhere keep the old key.`,
  });
}
