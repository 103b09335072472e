import { shown } from "../plans/mysql-suggest-index.ts";
import { largeTableRows } from "../plans/read-plan.ts";
import { mysqlIndexesUnusedRows } from "../probes/mysql/indexes/unused-rows.ts";
import { type MysqlPlanRow, mariadbPlansRows, mysqlPlansRows } from "../probes/mysql/plans/rows.ts";
import { compare } from "../text/compare.ts";
import { mysqlName } from "../text/sql-names.ts";
import { busiest, type IndexNeed } from "./index-need.ts";
import { type IndexWish, wishesInside } from "./mysql-inside-need.ts";
import { rounded, type Statement, statementsOf } from "./statements.ts";
import { waitsForLocks } from "./strain.ts";
import type { View } from "./view.ts";

/** A statement that looks at so many rows for each one that it uses is searching, not reporting. */
const searches = 10;

/** From plans where they could be had, else from the digests alone; one for each index, whoever wants it. */
export function mysqlNeeds(view: View): readonly IndexNeed[] {
  const statements = statementsOf(view) ?? [];
  const searching = statements.filter(looksAtMany);
  const plans = [...(view.rows(mysqlPlansRows) ?? []), ...(view.rows(mariadbPlansRows) ?? [])].filter(
    ({ status }) => status === "explained",
  );
  const sent = searching.flatMap((statement) => {
    const plan = plans.find(({ digest, schema }) => digest === statement.id && isOf(statement, schema));
    if (plan !== undefined) return wishesOfPlan(plan, statement);
    return isSearching(statement) && isTold(view, statement) && unusableIndex(view, statement) === null
      ? wishOfDigest(view, statement)
      : [];
  });
  const wishes = [...sent, ...plans.flatMap((plan) => wishesInside(view, plan, statements))];
  return [...Map.groupBy(wishes, ({ createIndex }) => createIndex)]
    .toSorted(([a], [b]) => compare(a, b))
    .flatMap(([createIndex, wanting]) => {
      const [first] = wanting;
      if (first === undefined) return [];
      return [
        {
          table: first.table,
          columns: first.columns,
          ...(first.unusable ? { unusable: first.unusable } : {}),
          ...(first.narrows ? { narrows: first.narrows } : {}),
          statement: createIndex,
          why: [...new Set(wanting.map(({ why }) => why))].toSorted(compare),
          costLeft: null,
          source: first.source,
          wantedBy: wanting.map(({ statement }) => statement).toSorted(busiest),
        },
      ];
    });
}

function isOf({ key }: Statement, schema: string | null): boolean {
  return key.startsWith(`${schema ?? "?"}/`);
}

/** Of far more rows than it uses. */
function looksAtMany({ total }: Statement): boolean {
  const { examined, calls, rows, changed = 0 } = total;
  if (examined === null || calls === 0) return false;
  return examined / calls >= largeTableRows && examined >= searches * Math.max(calls, rows + changed);
}

/**
 * The same by the counters alone. That no index was used is counted for what only reads, and not where a table is read
 * whole in the order of its primary key, or joined: that a plan tells. A change tells by the rows that it leaves.
 */
function isSearching(statement: Statement): boolean {
  const noIndex = (statement.total.withoutIndex ?? 0) > 0 || isChange(statement.query);
  return noIndex && looksAtMany(statement);
}

function isChange(query: string | null): boolean {
  return /^\s*(?:update|delete)\b/i.test(query ?? "");
}

/**
 * InnoDB locks each row that a change or a locking read looks at, so that one without an index waits for all others of
 * its kind. https://dev.mysql.com/doc/refman/8.4/en/innodb-locks-set.html
 */
export function locksWhatItReads({ query }: Pick<Statement, "query">): boolean {
  return isChange(query) || /\bfor (?:update|share)\b|\block in share mode\b/i.test(query ?? "");
}

function wishesOfPlan(plan: MysqlPlanRow, statement: Statement): readonly IndexWish[] {
  return plan.suggestions.map(({ schema, table, columns, createIndex, why, unusable, narrows }) => ({
    table: `${schema}.${table}`,
    columns,
    createIndex,
    ...(unusable ? { unusable } : {}),
    ...(narrows ? { narrows } : {}),
    why: `${why}; ${examinedText(statement)}`,
    source: plan.cost === null ? "plans" : "mysql-plans",
    statement,
  }));
}

/**
 * That no index serves it: counted, or, for a change by one column, shown by those that run it and wait for one another's
 * rows.
 */
function isTold(view: View, statement: Statement): boolean {
  if ((statement.total.withoutIndex ?? 0) > 0) return true;
  return searchedBy(statement)?.alone === true && waitsForLocks(view, statement);
}

interface Searched {
  readonly schema: string;
  readonly table: string;
  /** Compared for equality. */
  readonly columns: readonly string[];
  /** Nothing else is compared. */
  readonly alone: boolean;
}

/** One table, some columns compared with parameters, by the text of a digest. Joins need a plan. */
function searchedBy({ key, query }: Statement): Searched | null {
  const text = (query ?? "").replace(/`/g, "");
  const schema = key.split("/")[0] ?? "?";
  const [, table] = /^(?:select .* from|delete from|update) ([\w$.]+) (?:set .* )?where /i.exec(text) ?? [];
  if (table === undefined || schema === "?" || /\b(join|or)\b| from .*\(\s*select/i.test(text)) return null;
  const conditions = text.slice(text.search(/ where /i));
  const columns = [...conditions.matchAll(/([\w$]+) = \?/g)].flatMap(([, column]) => column ?? []);
  if (columns.length === 0) return null;
  const compared = conditions.match(/[<>=]+|\b(?:like|between|in|is|regexp)\b/gi) ?? [];
  return { schema, table: table.split(".").at(-1) ?? table, columns, alone: compared.length === 1 };
}

/**
 * An index that begins with the one column compared, and that nothing has read: no index is missing. A number compared
 * with text has each row converted. https://dev.mysql.com/doc/refman/8.4/en/type-conversion.html
 */
export function unusableIndex(view: View, statement: Statement): string | null {
  const searched = searchedBy(statement);
  if (searched === null || !searched.alone || !isSearching(statement)) return null;
  const [column = ""] = searched.columns;
  const found = unreadIndexes(view, searched).find(({ visible }) => visible);
  return found === undefined
    ? null
    : `index ${found.index} begins with ${column} and is not used: most likely the types or collations differ (a number compared with text)`;
}

/** That nothing has read since the start, and that begin with what is compared first. */
function unreadIndexes(view: View, { schema, table, columns: [column = ""] }: Searched) {
  return (view.rows(mysqlIndexesUnusedRows) ?? []).filter(
    (index) =>
      index.schema === schema &&
      index.table === table &&
      index.columns[0]?.replaceAll("`", "").toLowerCase() === column.toLowerCase(),
  );
}

/**
 * What it gives says nothing of how many rows its conditions leave: they are counted, grouped, or sorted and cut off. An
 * index on what most rows have is taken all the same, and is slower than the whole table.
 */
function givesLessThanItFinds({ query }: Statement): boolean {
  return /\b(?:group by|having|distinct)\b|\border by\b.*\blimit\b|\b(?:count|sum|avg|min|max|group_concat)`? ?\(/is.test(
    query ?? "",
  );
}

/** Where the server says that no index was used, what the index needs is in the text. */
function wishOfDigest(view: View, statement: Statement): readonly IndexWish[] {
  const searched = searchedBy(statement);
  if (searched === null || givesLessThanItFinds(statement)) return [];
  const { schema, table } = searched;
  const columns = searched.columns.slice(0, 3);
  const hidden = unreadIndexes(view, searched).find(({ visible }) => !visible);
  const why = `${isChange(statement.query) ? "no index leads to the rows it changes" : "no index was used"}; ${examinedText(statement)}`;
  const wish = { table: `${schema}.${table}`, columns, why, source: statement.source, statement };
  if (hidden !== undefined) {
    const because = view.evidence.target.engine === "mariadb" ? "ignored" : "invisible";
    const { createIndex, unusable } = shown({ ...hidden, because }, { schema, table }, why);
    return [{ ...wish, createIndex, ...(unusable ? { unusable } : {}) }];
  }
  const name = mysqlName(`${table}_${columns.join("_")}`.slice(0, 60));
  return [
    {
      ...wish,
      createIndex: `ALTER TABLE ${mysqlName(schema, table)} ADD INDEX ${name} (${columns.map((column) => mysqlName(column)).join(", ")}), ALGORITHM=INPLACE, LOCK=NONE`,
    },
  ];
}

function examinedText({ total }: Statement): string {
  const calls = Math.max(1, total.calls);
  return `${rounded((total.examined ?? 0) / calls)} rows are looked at for ${rounded((total.rows + (total.changed ?? 0)) / calls)} that are used, each call`;
}
