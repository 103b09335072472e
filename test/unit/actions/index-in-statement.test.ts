import { describe, expect, it } from "vitest";
import { createIndexSql, ofKind } from "../../../functions/core/actions/statements/index-definition.ts";
import {
  mysqlIndexIn,
  postgresIndexIn,
} from "../../../functions/core/actions/statements/index-in-statement.ts";
import { createIndex } from "../../../functions/core/probes/mysql/indexes/definition.ts";

describe("the index that a statement makes", () => {
  it.each([
    ["CREATE INDEX CONCURRENTLY ON public.items (order_id)", "items_order_id_idx", "(order_id)"],
    [
      'CREATE INDEX CONCURRENTLY ON "My app"."All items" ("Order", b DESC)',
      "all_items_order_b_desc_idx",
      '("Order", b DESC)',
    ],
    [
      "CREATE INDEX CONCURRENTLY ON public.w USING gin (word gin_trgm_ops)",
      "w_using_gin_word_gin_trgm_ops_idx",
      "USING gin (word gin_trgm_ops)",
    ],
    [
      "CREATE UNIQUE INDEX a_b ON public.a USING btree (b) WHERE (c > 1)",
      "a_b",
      "USING btree (b) WHERE (c > 1)",
    ],
  ])("A10 %s", (statement, name, definition) => {
    const index = postgresIndexIn(statement);
    expect(index).toMatchObject({ name, definition, unique: statement.includes("UNIQUE") });
    const again = index === null ? "" : createIndexSql(index, "postgres");
    expect(postgresIndexIn(again)).toEqual(index);
  });

  it.each([
    "CREATE EXTENSION pg_trgm;\nCREATE INDEX CONCURRENTLY ON public.w USING gin (word gin_trgm_ops)",
    "CREATE INDEX i ON ONLY public.parts USING btree (a)",
    "REINDEX INDEX CONCURRENTLY public.i",
    "CREATE INDEX CONCURRENTLY ON public.a (b); DROP TABLE a",
    "CREATE INDEX CONCURRENTLY ON public.a (b), DROP COLUMN c",
    "CREATE INDEX CONCURRENTLY ON public.a (b) # c",
    "CREATE INDEX CONCURRENTLY ON public.a (b)) (c",
  ])("A10 takes nothing else for one: %s", (statement) => {
    expect(postgresIndexIn(statement)).toBeNull();
  });

  it("A10 reads MySQL's advice and its definition back, and leaves what makes writers wait", () => {
    const alter =
      "ALTER TABLE `my``app`.`t` ADD INDEX `t_n` (`n`(10), `m` DESC), ALGORITHM=INPLACE, LOCK=NONE";
    const index = mysqlIndexIn(alter);
    expect(index).toEqual({
      schema: "my`app",
      table: "t",
      name: "t_n",
      unique: false,
      definition: "(`n`(10), `m` DESC)",
    });
    expect(index === null ? "" : createIndexSql(index, "mysql")).toBe(alter);
    expect(mysqlIndexIn("CREATE UNIQUE INDEX `u` ON `app`.`t` (`n`)")).toMatchObject({
      name: "u",
      unique: true,
    });
    expect(mysqlIndexIn(alter.replace("NONE", "SHARED"))).toBeNull();
    expect(mysqlIndexIn("CREATE FULLTEXT INDEX `f` ON `app`.`t` (`n`)")).toBeNull();
  });

  it.each([
    ["BTREE", "(`n`)"],
    ["HASH", "(`n`) USING HASH"],
    ["FULLTEXT", null],
    ["SPATIAL", null],
    ["VECTOR", null],
  ])("A13 reads an index of kind %s as the server shows it before it is hidden", (type, definition) => {
    const index = { ...{ schema: "app", table: "t", index: "i", unique: false, type } };
    const columns = [{ text: "`n`", name: "n" }];
    const found = mysqlIndexIn(createIndex({ ...index, columns }));
    expect(found?.definition ?? null).toBe(definition);
    if (definition !== null) expect(ofKind("(`n`)", type)).toBe(definition);
  });

  it("A10 a name is no longer than PostgreSQL keeps", () => {
    const index = postgresIndexIn(
      `CREATE INDEX CONCURRENTLY ON public.${"long_table_".repeat(5)} (${"column_".repeat(9)})`,
    );
    expect(index?.name.length).toBeLessThanOrEqual(63);
  });
});
