import { describe, expect, it } from "vitest";
import { missingIndex as rule } from "../../../../functions/core/rules/queries/missing-index.ts";
import { anAlarm } from "../../../support/evidence-builder.ts";
import { aForest, aRunning, keyOf } from "../../../support/forest-builder.ts";
import {
  aDigest,
  aPlan,
  aStatement,
  aTable,
  busy,
  lookedDeeper,
} from "../../../support/statement-builder.ts";

describe("missing-index", () => {
  const suggestion = {
    schema: "public",
    table: "orders",
    columns: ["customer_id"],
    createIndex: "CREATE INDEX CONCURRENTLY ON public.orders (customer_id)",
    why: "public.orders (400000 rows) is read whole for 40 rows",
    costWithIndex: null,
  };
  const scan = {
    query: "SELECT id FROM orders WHERE customer_id = $1",
    problems: [{ kind: "sequential-scan" as const, relation: "public.orders", detail: suggestion.why }],
    suggestions: [suggestion],
  };
  const findingsOf = (plan: object, statement: Parameters<typeof aStatement>[0], scene = {}) =>
    rule.evaluate(
      lookedDeeper(
        {
          "postgres-plans": [aPlan({ ...scan, ...plan })],
          "postgres-top-statements": [aStatement({ query: scan.query, ...statement })],
        },
        scene,
      ),
    );

  it("D4 is P2 while the scans keep the CPUs busy, and shows the exact statement", () => {
    const [finding] = findingsOf({}, { now: busy });
    expect(finding).toMatchObject({ subject: "public.orders (customer_id)", severity: "P2" });
    expect(finding?.actions[0]).toMatchObject({
      id: "create-index",
      automatic: true,
      preview: "CREATE INDEX CONCURRENTLY orders_customer_id_idx ON public.orders (customer_id)",
    });
    expect(finding?.summary).toContain("8 calls/s of 250 ms each");
  });

  it("D4 says of which rows an index is missing, and why no plan shows what the counters tell", () => {
    const some = { ...suggestion, columns: ["id"], where: "sent_at IS NULL" };
    const [partial] = findingsOf({ suggestions: [some] }, { now: busy });
    expect(partial?.summary).toContain("No index on public.orders (id) where sent_at IS NULL");
    const [told] = findingsOf({ suggestions: [{ ...suggestion, counted: true }] }, { now: busy });
    expect(told?.evidence.map(({ says }) => says).join()).toContain(
      "a plan for any value shows no difference",
    );
  });

  it("D4 says that a table is read whole where the counters tell it, though a plan for any value goes by an index", () => {
    const why = "index by_kind of public.orders leaves about 130000 rows of an average value";
    const behind = { suggestions: [{ ...suggestion, why, narrows: "by_kind" }] };
    const told = (seqScansPerSecond: number | null, bytes = 400 * 8192) => {
      const now = { intervalSeconds: 1, seqScansPerSecond, seqRowsPerSecond: 1e6 };
      const plan = aPlan({ ...scan, ...behind });
      const statement = aStatement({ query: scan.query, now: busy });
      const calls = statement.sinceReset.calls;
      const sinceReset = { ...statement.sinceReset, blocksHit: 390 * calls, blocksRead: 0 };
      return rule.evaluate(
        lookedDeeper({
          "postgres-plans": [plan],
          "postgres-top-statements": [{ ...statement, sinceReset }],
          "postgres-tables": [aTable({ table: "orders", bytes, now })],
        }),
      )[0];
    };
    expect(told(8)?.summary).toContain("1 statement reads the whole table for a few rows");
    const says = told(8)?.evidence.map((each) => each.says) ?? [];
    expect(says).toContain(`planned for any value: ${why}`);
    expect(says.join()).toContain("each call comes upon 390 pages, as many as the table has");
    // Of fewer pages, and of many more: of an index walked over scattered rows.
    for (const one of [told(5), told(null), told(8, 500 * 8192), told(8, 100 * 8192)])
      expect(one?.summary).toContain("reads all that index by_kind leaves for a few rows");
  });

  it("P11 P16 calls an index on a partitioned table what it is, and says who may build it", () => {
    const partitioned = { ...suggestion, createIndex: "CREATE INDEX ON public.orders (customer_id)" };
    const action = (plan: object) => findingsOf(plan, { now: busy })[0]?.actions[0];
    expect(action({ suggestions: [partitioned] })).toMatchObject({
      risk: "disruptive",
      consequence: expect.stringContaining("Blocks writes to the table while it is built"),
    });
    expect(action({})).toMatchObject({
      risk: "safe",
      describes: expect.stringContaining("run it as the table's owner"),
    });
  });

  it("D3 explains dead rows that its scans meet, unless nearly all that they read is dead, or nothing suffers", () => {
    const explained = (deadRows: number, statement: Parameters<typeof aStatement>[0]) =>
      rule
        .evaluate(
          lookedDeeper({
            "postgres-plans": [aPlan(scan)],
            "postgres-top-statements": [aStatement({ query: scan.query, ...statement })],
            "postgres-tables": [aTable({ deadRows, liveRows: 200_000 })],
          }),
        )[0]
        ?.explains.filter(({ cause }) => cause === "dead-tuples-behind")
        .map(({ subject }) => subject);
    expect(explained(210_000, { now: busy })).toEqual(["public.orders"]);
    expect(explained(800_001, { now: busy })).toEqual([]);
    expect(explained(210_000, { sinceReset: { meanSeconds: 0.03 } })).toEqual([]);
  });

  it("D4 is hygiene when nothing suffers, and nothing at all for a report that ran twice", () => {
    expect(findingsOf({}, { sinceReset: { meanSeconds: 0.03 } })[0]).toMatchObject({ severity: "P3" });
    expect(findingsOf({}, { sinceReset: { calls: 2, meanSeconds: 3 } })).toEqual([]);
  });

  it("D4 says nothing of a plan without a suggestion, however much it reads", () => {
    expect(findingsOf({ suggestions: [] }, { now: busy })).toEqual([]);
  });

  it("A10 withholds an index that would not make the plan cheaper", () => {
    const costing = (costWithIndex: number) =>
      findingsOf({ suggestions: [{ ...suggestion, costWithIndex }] }, { now: busy });
    expect(costing(1251)).toEqual([]);
    expect(costing(12)[0]).toMatchObject({ confidence: 0.9 });
  });

  it("P16 says of an index that was not tried that it was not, and is less sure", () => {
    const untried = (over: object) =>
      findingsOf({ suggestions: [{ ...suggestion, ...over }] }, { now: busy })[0];
    const trigram = {
      columns: ["note gin_trgm_ops"],
      createIndex:
        "CREATE EXTENSION pg_trgm;\nCREATE INDEX CONCURRENTLY ON public.orders USING gin (note gin_trgm_ops)",
    };
    const saysOf = (over: object) =>
      untried(over)
        ?.evidence.map(({ says }) => says)
        .join("\n");
    expect(untried({})).toMatchObject({ confidence: 0.7 });
    expect(saysOf({})).toContain("not tried: HypoPG is not installed");
    expect(untried(trigram)?.confidence).toBeCloseTo(0.6);
    expect(saysOf(trigram)).toContain("not tried: HypoPG knows no such indexes");
    expect(untried(trigram)?.actions[0]).toMatchObject({ risk: "safe", automatic: false });
  });

  it("T takes half of the vCPUs, at least one, as the load that hurts", () => {
    const at = (averageSessions: number) =>
      findingsOf({}, { now: { ...busy, averageSessions }, sinceReset: { meanSeconds: 0.03 } });
    expect(at(0.99)[0]).toMatchObject({ severity: "P3" });
    expect(at(1)[0]).toMatchObject({ severity: "P2" });
  });

  it("D3 explains an alarm on CPU and the sessions that run the statement long", () => {
    const scene = {
      sessions: [aRunning(7, 90, { query: "SELECT id FROM orders WHERE customer_id = ?" })],
      overrides: { signal: anAlarm("CPUUtilization") },
    };
    const [finding] = findingsOf({}, { now: { percentOfTime: 60 } }, scene);
    expect(finding).toMatchObject({ severity: "P2" });
    expect(finding?.summary).toContain("while the alarm on CPUUtilization is on");
    expect(finding?.explains).toContainEqual(expect.objectContaining({ cause: "cpu-saturated" }));
    expect(finding?.explains).toContainEqual(
      expect.objectContaining({ cause: "long-running-query", subject: "session:7" }),
    );
  });

  it("D4 reads it off MySQL's digests when there is no plan, and asks for an online build", () => {
    const digest = aDigest({
      query: "SELECT `id` FROM `orders` WHERE `customer_id` = ? AND `state` = ?",
      now: { ...busy, rowsExaminedPerSecond: 480_000, rowsSentPerSecond: 80 },
      sinceStart: { calls: 100, rowsExamined: 6_000_000, rowsSent: 1000, noIndexUsed: 100 },
    });
    const [finding] = rule.evaluate(
      lookedDeeper({ "mysql-statement-digests": [digest] }, { engine: "mysql" }),
    );
    expect(finding).toMatchObject({ subject: "shop.orders (customer_id, state)", severity: "P2" });
    expect(finding?.actions[0]?.preview).toMatch(/ADD INDEX .*ALGORITHM=INPLACE, LOCK=NONE$/);
    expect(finding?.actions[0]?.preview).toMatch(/^SET SESSION lock_wait_timeout = 5;\nALTER TABLE /);
    expect(finding?.actions[0]).toMatchObject({ risk: "disruptive", automatic: true });
  });

  it("A10 makes an index that somebody has hidden visible again, and builds none", () => {
    const digest = aDigest({
      query: "SELECT `id` FROM `orders` WHERE `customer_id` = ?",
      now: { ...busy, rowsExaminedPerSecond: 480_000, rowsSentPerSecond: 80 },
      sinceStart: { calls: 100, rowsExamined: 6_000_000, rowsSent: 1000, noIndexUsed: 100 },
    });
    const hidden = {
      ...{
        schema: "shop",
        table: "orders",
        index: "by_customer",
        columns: ["`customer_id`"],
      },
      ...{ visible: false, cardinality: 9, tableReads: 9, tableWrites: 9, uptimeSeconds: 9, caveat: "" },
    };
    const found = (definition: string) =>
      rule.evaluate(
        lookedDeeper(
          { "mysql-statement-digests": [digest], "mysql-indexes-unused": [{ ...hidden, definition }] },
          { engine: "mysql" },
        ),
      )[0];
    const finding = found("CREATE INDEX `by_customer` ON `shop`.`orders` (`customer_id`)");
    expect(finding?.summary).toContain("Index by_customer of shop.orders (customer_id) is invisible");
    expect(finding?.actions[0]).toMatchObject({
      risk: "safe",
      automatic: true,
      input: { visible: true, was: { unique: false, definition: "(`customer_id`)" } },
      preview: expect.stringContaining("ALTER INDEX `by_customer` VISIBLE"),
      consequence: expect.stringContaining(
        "Undo: ALTER TABLE `shop`.`orders` ALTER INDEX `by_customer` INVISIBLE",
      ),
    });
    const unread = found("CREATE FULLTEXT INDEX `by_customer` ON `shop`.`orders` (`customer_id`)")
      ?.actions[0];
    expect(unread).toMatchObject({
      automatic: false,
      preview:
        "SET SESSION lock_wait_timeout = 5;\nALTER TABLE `shop`.`orders` ALTER INDEX `by_customer` VISIBLE",
      consequence: expect.stringContaining("A person alone does it"),
    });
  });

  it("D4 leaves a small table on MySQL alone although no index is used", () => {
    const digest = aDigest({
      query: "SELECT `id` FROM `orders` WHERE `customer_id` = ?",
      now: busy,
      sinceStart: { calls: 1000, rowsExamined: 9_999_000, rowsSent: 1000, noIndexUsed: 1000 },
    });
    expect(rule.evaluate(lookedDeeper({ "mysql-statement-digests": [digest] }, { engine: "mysql" }))).toEqual(
      [],
    );
  });

  describe("of a change that has to look at every row, and locks it", () => {
    const query = "UPDATE `orders` SET `n` = `n` + ? WHERE `token` = ?";
    const change = (changed: number, text = query) =>
      aDigest({
        query: text,
        now: { ...busy, rowsSentPerSecond: 0 },
        sinceStart: { calls: 100, rowsExamined: 6_000_000, rowsSent: 0, rowsAffected: changed },
      });
    const findingsAt = (digest: ReturnType<typeof aDigest>) => {
      const holder = aRunning(5, 2, { query: digest.query });
      const behind = [6, 7, 8].map((id) => aRunning(id, 1, { query: digest.query }));
      const row = { object: "row 7 on page 5 of shop.orders (PRIMARY)", objectKind: "row" as const };
      const members = behind.map((who) => ({ who, waits: row, behind: keyOf(holder) }));
      const forests = [aForest([{ who: holder }, ...members])];
      return rule.evaluate(
        lookedDeeper(
          { "mysql-statement-digests": [digest] },
          { engine: "mysql", sessions: [holder, ...behind], forests },
        ),
      );
    };

    it("D4 explains the queue for rows of those that run it", () => {
      const [finding] = findingsAt(change(100));
      expect(finding).toMatchObject({ subject: "shop.orders (token)", severity: "P2" });
      expect(finding?.summary).toContain("it locks every row that it reads, so that the 4 sessions");
      expect(finding?.explains).toContainEqual(
        expect.objectContaining({ cause: "hot-row-contention", subject: "session:5" }),
      );
    });

    it("D4 holds for a DELETE, and not for one that means to change what it reads", () => {
      const text = "DELETE FROM `orders` WHERE `token` = ?";
      expect(findingsAt(change(100, text))).toHaveLength(1);
      expect(findingsAt(change(5_900_000, text))).toEqual([]);
    });

    it("A10 proposes none where another condition may have had its index", () => {
      expect(findingsAt(change(100, `${query} AND \`state\` = ?`))).toEqual([]);
    });
  });
});
