import { describe, expect, it } from "vitest";
import { parseExplain } from "../../../functions/core/plans/explain-json.ts";
import { readPlan } from "../../../functions/core/plans/read-plan.ts";
import { type IndexCandidate, suggestIndex } from "../../../functions/core/plans/suggest-index.ts";
import type { TableFacts } from "../../../functions/core/plans/table-facts.ts";

const facts: TableFacts = {
  schema: "s",
  relation: "t",
  rootSchema: "s",
  rootRelation: "t",
  partitioned: false,
  columns: [
    { name: "a", type: "int4", distinct: 10 },
    { name: "b", type: "int4", distinct: 1000 },
    { name: "at", type: "timestamptz", distinct: null },
    { name: "name", type: "varchar", distinct: 5 },
    { name: "doc", type: "json", distinct: null },
    { name: "order", type: "int4", distinct: null },
  ],
  indexes: [],
};
const on = (...columns: string[]) => columns.map((column) => ({ column, cast: null }));
const candidate = (parts: Partial<IndexCandidate>): IndexCandidate => ({
  ...{ schema: "s", relation: "t", equality: [], range: [], sort: [], why: "because" },
  ...parts,
});
const columnsOf = (parts: Partial<IndexCandidate>, known = facts) =>
  suggestIndex(candidate(parts), known)?.columns ?? null;

describe("index suggestions", () => {
  it("P16 puts equality first, the most selective leading, then a range or else the order", () => {
    expect(columnsOf({ equality: on("a", "b"), range: on("at") })).toEqual(["b", "a", "at"]);
    expect(columnsOf({ equality: on("a"), sort: [{ column: "at", order: "DESC" }] })).toEqual(["a", "at"]);
    expect(columnsOf({ equality: on("a"), range: on("b"), sort: [{ column: "at", order: "" }] })).toEqual([
      "a",
      "b",
    ]);
  });

  it("P16 asks for an index whose build failed to be built again, and builds none beside it", () => {
    const invalid = [{ index: "by_b", columns: ["b"] }];
    expect(suggestIndex(candidate({ equality: on("b") }), { ...facts, invalid })).toMatchObject({
      createIndex: "REINDEX INDEX CONCURRENTLY s.by_b",
      unusable: { index: "by_b", because: "invalid" },
    });
    expect(columnsOf({ equality: on("b"), range: on("at") }, { ...facts, invalid })).toEqual(["b", "at"]);
  });

  it("P16 suggests nothing that exists, cannot be indexed or would not be used", () => {
    expect(columnsOf({ equality: on("a", "b") }, { ...facts, indexes: [["a", "b", "at"]] })).toBeNull();
    expect(columnsOf({ equality: on("a"), range: on("at") }, { ...facts, indexes: [["a", "b"]] })).toEqual([
      "a",
      "at",
    ]);
    expect(columnsOf({ equality: on("doc") })).toBeNull();
    expect(columnsOf({ equality: [{ column: "a", cast: "numeric" }] })).toBeNull();
    expect(columnsOf({ equality: [{ column: "name", cast: "text" }] })).toEqual(["name"]);
  });

  const scanFor = (filter: string, known: Partial<TableFacts> = {}) => {
    const scan = { "Node Type": "Seq Scan", Schema: "s", "Relation Name": "t", Alias: "t", "Plan Rows": 5 };
    const node = { ...scan, "Plan Width": 8, "Total Cost": 9e4, Filter: filter };
    const plan = parseExplain([{ "QUERY PLAN": [{ Plan: node }] }]);
    const limits = { workMemBytes: 4e6, hashMemBytes: 8e6, tableRows: new Map([["s.t", 1e6]]) };
    const [found] = plan === null ? [] : readPlan(plan, limits).candidates;
    return found === undefined ? null : (suggestIndex(found, { ...facts, ...known })?.createIndex ?? null);
  };

  it("P16 wants trigrams for a pattern, wherever pg_trgm is, and no B-tree", () => {
    const installed = { trigramSchema: "public" };
    const gin = "CREATE INDEX CONCURRENTLY ON s.t USING gin (name gin_trgm_ops)";
    expect(scanFor("((t.name)::text ~~ $1)", installed)).toBe(gin);
    expect(scanFor("(t.name ~* $1)", { trigramSchema: "ext" })).toBe(gin.replace("gin_trgm", "ext.gin_trgm"));
    expect(scanFor("(t.name ~~ $1)")).toBe(`CREATE EXTENSION pg_trgm;\n${gin}`);
    expect(scanFor("(t.name ~~ $1)", { trigrams: ["name"] })).toBeNull();
    expect(scanFor("((t.b = $2) AND (t.name ~~ $1))", installed)).toContain("ON s.t (b)");
  });

  it("P16 wants GIN for what a column holds: members of a document, elements of an array, words of a text", () => {
    const typed = (type: string, contained: TableFacts["contained"] = []): Partial<TableFacts> => ({
      columns: facts.columns.map((one) => (one.name === "doc" ? { ...one, type } : one)),
      contained,
    });
    const gin = (operators: string) => `CREATE INDEX CONCURRENTLY ON s.t USING gin (doc ${operators})`;
    const inside = "(t.doc @> $1)";
    expect(scanFor(inside, typed("jsonb"))).toBe(gin("jsonb_path_ops"));
    expect(scanFor(`((t.doc @> '{"a": 1}'::jsonb) AND (t.b > 3))`, typed("jsonb"))).toContain("ON s.t (b)");
    expect(scanFor("(t.doc ? 'a'::text)", typed("jsonb"))).toBe(gin("jsonb_ops"));
    expect(scanFor("(t.doc && $1)", typed("_text"))).toBe(gin("array_ops"));
    expect(scanFor("(t.doc @@ $1)", typed("tsvector"))).toBe(gin("tsvector_ops"));
    // What has no operators for it: a range wants GiST, an expression an index of its own.
    for (const [filter, type] of [
      ["(t.doc @> $1)", "int4range"],
      ["(t.doc <@ $1)", "jsonb"],
      ["((t.doc -> 'a'::text) @> $1)", "jsonb"],
      ["(NOT (t.doc @> $1))", "jsonb"],
    ] as const)
      expect(scanFor(filter, typed(type)), filter).toBeNull();
    for (const [operators, filter, wanted] of [
      ["jsonb_ops", inside, null],
      ["jsonb_path_ops", inside, null],
      ["jsonb_path_ops", "(t.doc ? $1)", gin("jsonb_ops")],
    ] as const)
      expect(scanFor(filter, typed("jsonb", [{ column: "doc", operators }])), filter).toBe(wanted);
  });

  it("P16 wants operators for patterns where LIKE finds no prefix by an ordinary index, before trigrams", () => {
    const known = { trigramSchema: "public", prefixes: [] };
    const ordinary = { ...known, indexes: [["name"]] };
    const small = "CREATE INDEX CONCURRENTLY ON s.t (name varchar_pattern_ops)";
    expect(scanFor("((t.name)::text ~~ $1)", ordinary)).toBe(small);
    expect(scanFor("((t.name)::text ~~ 'abc%'::text)", known)).toBe(small);
    expect(scanFor("((t.name)::text ~~ $1)", known)).toContain("gin_trgm_ops");
    for (const filter of ["(t.name ~~ '%abc'::text)", "(t.name ~~* $1)", "(t.name ~ $1)"])
      expect(scanFor(filter, ordinary), filter).toContain("gin_trgm_ops");
    expect(scanFor("(t.name ~~ $1)", { ...ordinary, prefixes: ["name"] })).toContain("gin_trgm_ops");
  });

  it("P16 knows that a column of few values narrows nothing", () => {
    const columns = [{ name: "a", type: "int4", distinct: 2 }, ...facts.columns.slice(1)];
    expect(scanFor("((t.a = $1) AND (t.name ~~ $2))", { columns })).toContain("USING gin (name");
    expect(scanFor("((t.a = $1) AND (t.b <> $2))", { columns })).toBeNull();
  });

  it("P16 indexes an expression that is immutable, and none that a time zone may change", () => {
    const lower = "CREATE INDEX CONCURRENTLY ON s.t ((lower((name)::text)))";
    expect(scanFor("(lower((t.name)::text) = $1)")).toBe(lower);
    expect(scanFor("(lower((t.name)::text) = $1)", { indexes: [["lower(name::text)"]] })).toBeNull();
    expect(scanFor("((t.doc ->> 'kind'::text) = $1)")).toContain("(((doc ->> 'kind'::text)))");
    expect(scanFor("(date_trunc('day'::text, t.at) = $1)")).toBeNull();
    expect(scanFor("(lower((t.at)::text) = $1)")).toBeNull();
    expect(scanFor("(lower((t.name)::text) = lower((t.doc)::text))")).toBeNull();
    expect(scanFor("((t.doc ->> $1) = $2)")).toBeNull();
  });

  it("P16 indexes what is first of several columns, as EXPLAIN writes it, of times too where they are of one type", () => {
    const timed = (type: string): Partial<TableFacts> => ({
      columns: [...facts.columns, { name: "until", type, distinct: null }],
    });
    const on = (key: string) => `CREATE INDEX CONCURRENTLY ON s.t ((${key}))`;
    const first = "(COALESCE(t.until, t.at) > $1)";
    expect(scanFor(first, timed("timestamptz"))).toBe(on("COALESCE(until, at)"));
    expect(scanFor("(GREATEST(t.until, t.at) >= $1)", timed("timestamptz"))).toBe(on("GREATEST(until, at)"));
    expect(scanFor("(COALESCE(t.b, 0) = $1)")).toBe(on("COALESCE(b, 0)"));
    expect(scanFor("(COALESCE(t.name, ''::character varying) = $1)")).toBe(
      on("COALESCE(name, ''::character varying)"),
    );
    // An implicit cast from date to timestamptz asks the time zone, and EXPLAIN does not show it.
    expect(scanFor(first, timed("date"))).toBeNull();
    expect(scanFor("(COALESCE(t.until, now()) > $1)", timed("timestamptz"))).toBeNull();
    expect(scanFor("(COALESCE(t.a, pick(t.b)) = $1)")).toBeNull();
    expect(scanFor("(COALESCE(t.b, $1) = $2)")).toBeNull();
    expect(scanFor(first, { ...timed("timestamptz"), indexes: [["COALESCE(until, at)"]] })).toBeNull();
  });

  it("P16 takes the first rows in the order of an expression from an index on it, where nothing else is tested", () => {
    const walked = (filter: string, key: string) => {
      const scan = { "Node Type": "Seq Scan", Schema: "s", "Relation Name": "t", Alias: "t" };
      const cost = { "Plan Width": 8, "Total Cost": 9e4 };
      const under = { ...scan, ...cost, "Plan Rows": 333_333, Filter: filter };
      const sort = { "Node Type": "Sort", ...cost, "Plan Rows": 333_333, "Sort Key": [key], Plans: [under] };
      const limit = { "Node Type": "Limit", ...cost, "Plan Rows": 33_333, Plans: [sort] };
      const plan = parseExplain([{ "QUERY PLAN": [{ Plan: limit }] }]);
      const limits = { workMemBytes: 4e6, hashMemBytes: 8e6, tableRows: new Map([["s.t", 1e6]]) };
      const [found] = plan === null ? [] : readPlan(plan, limits).candidates;
      return found === undefined ? null : (suggestIndex(found, facts)?.createIndex ?? null);
    };
    const index = "CREATE INDEX CONCURRENTLY ON s.t ((COALESCE(a, b)))";
    expect(walked("(COALESCE(t.a, t.b) > $1)", "(COALESCE(t.a, t.b))")).toBe(index);
    expect(walked("(COALESCE(t.a, t.b) > $1)", "(COALESCE(t.a, t.b)) DESC")).toBe(index);
    expect(walked("(COALESCE(t.a, t.b) > $1)", "(COALESCE(t.a, t.b)) DESC NULLS LAST")).toBeNull();
    expect(walked("(COALESCE(t.a, t.b) > $1)", "(COALESCE(t.b, t.a))")).toBeNull();
    expect(walked("((COALESCE(t.a, t.b) > $1) AND (t.name <> $2))", "(COALESCE(t.a, t.b))")).toBeNull();
  });

  it("P16 leaves out of the index what a flag says is never wanted", () => {
    expect(scanFor("((NOT t.done) AND (t.b = $1))")).toBe(
      "CREATE INDEX CONCURRENTLY ON s.t (b) WHERE NOT done",
    );
    expect(scanFor("(NOT t.done)")).toBeNull();
  });

  it("P16 writes directions only where they matter, quotes names, and knows partitioned tables", () => {
    const mixed = candidate({
      sort: [
        { column: "a", order: "" },
        { column: "order", order: "DESC" },
      ],
    });
    const root = { ...facts, rootRelation: "Root", partitioned: true };

    expect(suggestIndex(mixed, facts)?.createIndex).toBe(
      'CREATE INDEX CONCURRENTLY ON s.t (a, "order" DESC)',
    );
    expect(suggestIndex(candidate({ equality: on("a") }), root)?.createIndex).toBe(
      'CREATE INDEX ON s."Root" (a)',
    );
  });
});

describe("reading plans", () => {
  const scan = (alias: string, rows: number, more = {}) => ({
    ...{ "Node Type": "Seq Scan", Schema: "s", "Relation Name": alias, Alias: alias, "Plan Rows": rows },
    ...{ "Plan Width": 8, "Total Cost": 100, ...more },
  });
  const read = (Plan: object) => {
    const plan = parseExplain([{ "QUERY PLAN": [{ Plan }] }]);
    if (!plan) throw new Error("no plan");
    const tableRows = new Map([
      ["s.t", 1_000_000],
      ["s.u", 50_000],
    ]);
    return readPlan(plan, { workMemBytes: 4_194_304, hashMemBytes: 8_388_608, tableRows });
  };
  const join = { "Plan Rows": 10, "Plan Width": 8, "Total Cost": 1 };

  it("P16 finds a nested loop that reads a table for each of many rows", () => {
    const inner = scan("u", 1, { "Parent Relationship": "Inner" });
    const outer = scan("t", 500_000, { "Parent Relationship": "Outer" });
    const { problems, candidates } = read({
      ...{ "Node Type": "Nested Loop", ...join, "Plan Rows": 500_000, "Join Filter": "(t.u_id = u.id)" },
      Plans: [outer, inner],
    });

    expect(problems[0]).toMatchObject({ kind: "nested-loop", relation: "s.u" });
    expect(candidates[0]?.equality).toEqual([{ column: "id", cast: null }]);
  });

  it("P16 finds hashes too large for memory, and lets small tables and whole reads be", () => {
    const hash = {
      "Node Type": "Hash",
      ...join,
      "Parent Relationship": "Inner",
      Plans: [scan("t", 1_000_000)],
    };
    const { problems } = read({
      ...{ "Node Type": "Hash Join", ...join, "Plan Rows": 900_000, "Hash Cond": "(u.id = t.u_id)" },
      Plans: [scan("u", 50_000, { "Parent Relationship": "Outer" }), hash],
    });

    expect(problems.map(({ kind }) => kind)).toEqual(["hash-spill"]);
    expect(read(scan("small", 1, { Filter: "(small.id = 1)" })).problems).toEqual([]);
    expect(read(scan("t", 900_000, { Filter: "(t.id > 1)" })).problems).toEqual([]);
  });

  it("P16 wants no index of the order alone for few rows of a filter that no index serves", () => {
    const newest = (Filter: string | null, rows: number) =>
      read({
        ...{ "Node Type": "Limit", ...join, "Plan Rows": 20 },
        Plans: [
          {
            ...{ "Node Type": "Sort", ...join, "Sort Key": ["t.at DESC"] },
            Plans: [scan("t", rows, Filter === null ? {} : { Filter })],
          },
        ],
      }).candidates.map(({ equality, sort }) => [...equality, ...sort].map(({ column }) => column));

    expect(newest("($1 = ANY (t.tags))", 5000)).toEqual([]);
    expect(newest("(t.tenant = $1)", 5000)).toEqual([["tenant", "at"]]);
    expect(newest("(t.state <> 'gone'::text)", 990_000)).toEqual([["at"]]);
    expect(newest(null, 1_000_000)).toEqual([["at"]]);
  });

  it("P16 takes what is no plan for none", () => {
    expect(parseExplain([{ failed: "no" }])).toBeNull();
    expect(parseExplain([])).toBeNull();
  });
});
