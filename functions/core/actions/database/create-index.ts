import { defineDatabaseAction, defineOffer } from "../define.ts";
import { madeBy, notBuilt } from "../statements/built-index.ts";
import { builtBack } from "../statements/existing-index.ts";
import { indexProved, invalidLeft, mayBuild } from "../statements/index-build.ts";
import { createIndexSql, indexInputSchema } from "../statements/index-definition.ts";
import { patient } from "../statements/object-statement.ts";
import { runsStatement } from "../statements/run-statement.ts";

/** A10: builds an index while readers and writers go on. */
export const createIndexOffer = defineOffer({
  id: "create-index",
  spec: ["A10", "A40"],
  title: "Create the index",
  risk: "safe",
  asksAlways: true,
  engines: ["postgres", "mysql", "mariadb"],
  input: indexInputSchema,
  undo: "Drop it again, while nothing uses it and it is still the one that was built; on MySQL and MariaDB it is hidden first.",
  preview: (input, { engine }) =>
    engine === "postgres"
      ? createIndexSql(input, engine)
      : `SET SESSION lock_wait_timeout = ${patient[engine]};\n${createIndexSql(input, engine)}`,
  describes: ({ schema, table, name, definition }) =>
    `Builds index ${name} on ${schema}.${table} ${definition}`,
  key: ({ schema, table, definition, unique }) =>
    `create-index ${schema} ${table} ${unique ? "unique " : ""}${definition}`,
});

/**
 * https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html
 */
export const createIndex = /* @__PURE__ */ defineDatabaseAction(
  createIndexOffer,
  /* @__PURE__ */ runsStatement({
    what: "index build",
    grants: { postgres: [], mysql: [], mariadb: [] },
    lockSeconds: patient,
    longestSeconds: 21_600,
    sql: (input, { engine }) => createIndexSql(input, engine),
    check: mayBuild,
    proves: indexProved,
    leftovers: invalidLeft,
    makes: madeBy,
    notOwn: notBuilt,
    undoesFound: builtBack,
  }),
);
