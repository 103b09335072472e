import { createIndexOffer } from "../actions/database/create-index.ts";
import { dropIndexOffer } from "../actions/database/drop-index.ts";
import { hideIndexOffer } from "../actions/database/hide-index.ts";
import { propose, proposeManual } from "../actions/propose.ts";
import { mysqlIndexIn } from "../actions/statements/index-in-statement.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { UnusableIndex } from "../contract/unusable-index.ts";
import type { IndexNeed } from "../facts/index-need.ts";
import { bytesText } from "../facts/rds-facts.ts";
import { settingsOf } from "../facts/settings-facts.ts";
import type { View } from "../facts/view.ts";
import type { MysqlTableRow } from "../probes/mysql/tables-rows.ts";
import { mysqlName } from "../text/sql-names.ts";
import { asItWas, byAPerson } from "./index-remedies.ts";

/**
 * Every ALTER TABLE needs the table for itself for a moment, an online one at its start and at its end. While it waits,
 * whoever comes later waits behind it, by default for a year (MariaDB: a day).
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-performance.html
 * https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_lock_wait_timeout
 */
const patienceSeconds = 5;
const givesUp = `Needs the table for itself for a moment, and gives up when it does not get it within ${patienceSeconds} s, so that nobody queues behind it for long: begin when no long transaction uses the table.`;

function impatiently(statement: string): string {
  return `SET SESSION lock_wait_timeout = ${patienceSeconds};\n${statement}`;
}

/**
 * A10. What an online build costs: https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-limitations.html,
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-space-requirements.html; on Aurora the sort files lie on
 * local storage: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Managing.Performance.html#AuroraMySQL.Managing.TempStorage
 */
export function createMysqlIndex(view: View, need: IndexNeed): ProposedAction {
  const { flavour } = view.evidence.target;
  const log = settingsOf(view)?.value("innodb_online_alter_log_max_size") ?? null;
  const limit = log === null ? "" : ` (${bytesText(Number(log))})`;
  const room = flavour === "aurora" ? "local storage (FreeLocalStorage)" : "tmpdir";
  const replicas = flavour === "aurora" ? "binlog replicas" : "replicas";
  const writers = need.statement.endsWith("LOCK=SHARED")
    ? "writers wait until it is built"
    : "writers go on but for a moment at the start and the end";
  const told = {
    describes: `Builds an index on ${need.table} (${need.columns.join(", ")})`,
    consequence: `Reads the table once; ${writers}. ${givesUp} If that happens at the end, the whole build is lost. Its sort files take about the index's size in ${room}; writes meanwhile must fit into innodb_online_alter_log_max_size${limit}, else it fails and what is not committed then rolls back; ${replicas} begin it when it is done here, and lag for as long. For a large table use gh-ost or pt-online-schema-change. It takes room on disk and makes every later write a little dearer.`,
  };
  const index = mysqlIndexIn(need.statement);
  if (index !== null)
    return propose(createIndexOffer, index, view.evidence.target, {
      ...{ frees: null, risk: "disruptive" },
      ...told,
    });
  // Writers would wait.
  const preview = impatiently(need.statement);
  return proposeManual({ id: "create-index", spec: ["A10"], risk: "disruptive", preview, ...told });
}

interface MysqlIndex {
  readonly schema: string;
  readonly table: string;
  readonly index: string;
  readonly definition: string;
}

/** https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html: no rebuild, a metadata lock for a moment. */
export function dropMysqlIndex(
  { evidence: { target } }: View,
  { schema, table, index, definition }: MysqlIndex,
  because: string,
  keeps: string | null,
): ProposedAction {
  const told = {
    describes: `drop index ${index} of ${table}: ${because}`,
    consequence: `${givesUp} A statement that does need it becomes slow, one that names it in a hint fails. Undo: ${definition}`,
  };
  const was = asItWas(mysqlIndexIn(definition));
  if (was === null) {
    const drop = `DROP INDEX ${mysqlName(index)}, ALGORITHM=INPLACE, LOCK=NONE`;
    const preview = impatiently(`ALTER TABLE ${mysqlName(schema, table)} ${drop}`);
    return proposeManual({
      ...{ id: "drop-index", spec: ["A13"], risk: "disruptive", preview },
      ...{ describes: told.describes, consequence: `${told.consequence} ${byAPerson}` },
    });
  }
  const input = { schema, table, name: index, keeps, scans: null, ...was };
  return propose(dropIndexOffer, input, target, { frees: null, ...told });
}

/**
 * Taking an index from the optimizer's sight is undone in an instant; making a dropped one again is not.
 * https://dev.mysql.com/doc/refman/8.4/en/invisible-indexes.html, https://mariadb.com/kb/en/ignored-indexes/
 */
export function hideMysqlIndex(
  { evidence: { target } }: View,
  { schema, table, index, definition }: MysqlIndex,
  because: string,
): ProposedAction {
  const was = asItWas(mysqlIndexIn(definition));
  const alter = `ALTER TABLE ${mysqlName(schema, table)} ALTER INDEX ${mysqlName(index)}`;
  const [off, on] = target.engine === "mariadb" ? ["IGNORED", "NOT IGNORED"] : ["INVISIBLE", "VISIBLE"];
  const told = {
    describes: `hide index ${index} of ${table} from the optimizer before dropping it: ${because}`,
    consequence: `${givesUp} A statement that names it in a hint (FORCE INDEX) fails at once. If nothing becomes slow within weeks, drop it. Undo: ${alter} ${on}`,
  };
  if (was === null) return changedByAPerson(`${alter} ${off}`, hideIndexOffer.risk, told);
  const input = { schema, table, name: index, visible: false, ...was };
  return propose(hideIndexOffer, input, target, { frees: null, ...told });
}

/** The other way round: whoever hid it wanted to know whether it is needed, and now knows. */
export function showMysqlIndex(
  { evidence: { target } }: View,
  { statement, table }: IndexNeed,
  { index, because, definition }: UnusableIndex,
): ProposedAction {
  const [, schema = "", name = ""] = /^ALTER TABLE `((?:[^`]|``)*)`\.`((?:[^`]|``)*)` /.exec(statement) ?? [];
  const plain = (text: string): string => text.replaceAll("``", "`");
  const undo = because === "ignored" ? "IGNORED" : "INVISIBLE";
  const told = {
    describes: `Lets the optimizer use index ${index} of ${table} again, which is ${because}`,
    consequence: `Changes the table's definition only: nothing is built or read, since a hidden index is kept up to date. ${givesUp} Ask who hid it, and why. Undo: ${statement.replace(/(?:NOT IGNORED|VISIBLE)$/, undo)}`,
  };
  const was = asItWas(mysqlIndexIn(definition ?? ""));
  if (was === null) return changedByAPerson(statement, "safe", told);
  const input = { schema: plain(schema), table: plain(name), name: index, visible: true, ...was };
  return propose(hideIndexOffer, input, target, { frees: null, risk: "safe", ...told });
}

/** Compared with nothing it may be another one by then. */
function changedByAPerson(
  statement: string,
  risk: ProposedAction["risk"],
  { describes, consequence }: Pick<ProposedAction, "describes" | "consequence">,
): ProposedAction {
  return proposeManual({
    ...{
      id: hideIndexOffer.id,
      spec: [...hideIndexOffer.spec],
      risk,
      preview: impatiently(statement),
      describes,
    },
    consequence: `${consequence} A person alone does it: what it is could not be read so that it can be compared again just before.`,
  });
}

/** Invisible columns came with MySQL 8.0.23. https://dev.mysql.com/doc/refman/8.4/en/invisible-columns.html */
const withoutInvisible = /^(?:5\.|8\.0\.(?:1?\d|2[0-2])(?!\d))/;

/**
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html: adding a counter blocks writes.
 * https://dev.mysql.com/doc/refman/8.4/en/replication-features-auto-increment.html: replicas may number otherwise.
 */
export function addPrimaryKey(
  view: View,
  { schema, table }: Pick<MysqlTableRow, "schema" | "table">,
): ProposedAction {
  const { target } = view.evidence;
  const version = view.server?.version ?? target.engineVersion;
  const hidden = target.engine === "mariadb" || !withoutInvisible.test(version ?? "");
  const column = `ADD COLUMN responder_row_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT ${hidden ? "INVISIBLE " : ""}PRIMARY KEY`;
  return proposeManual({
    id: "add-primary-key",
    spec: ["D4"],
    risk: "disruptive",
    preview: impatiently(`ALTER TABLE ${mysqlName(schema, table)} ${column}, ALGORITHM=INPLACE, LOCK=SHARED`),
    describes: `give ${table} a key${hidden ? " that statements without column lists do not see" : ""}`,
    consequence: `Writes the table anew and blocks writes meanwhile. ${givesUp}${hidden ? "" : " An INSERT without a column list fails afterwards, and SELECT * has one column more."} A binlog replica may number the rows in another order, and differs from then on: make it anew afterwards. For a large table use gh-ost or pt-online-schema-change, or make a column that is unique already the key, which has neither fault.`,
  });
}
