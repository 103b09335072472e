import { describe, expect, it } from "vitest";
import { growth, hitPercent, perSecond } from "../../../../functions/core/probes/growth.ts";
import { rankStatements } from "../../../../functions/core/probes/postgres/top-statements/rank.ts";
import { statementReading } from "../../../../functions/core/probes/postgres/top-statements/reading.ts";
import { postgresTopStatements } from "../../../../functions/core/probes/postgres/top-statements/top-statements.ts";
import { runProbes } from "../../../../functions/core/probes/run-probes.ts";
import { context, fakeSession, steppingClock } from "../fake-session.ts";

type Entry = { readonly id: string; readonly calls: number; readonly ms: number };

const entry = ({ id, calls, ms }: Entry): unknown[] => [
  ...[id, "10", "5", true, calls, ms, 0, ms, 0, calls],
  ...[0, 0, 0, 0, 0, 0, 0],
];

const reading = (seconds: number, ...entries: Entry[]) => [
  {
    at_seconds: seconds,
    schema_name: 'o"dd',
    block_size: 8192,
    entries: entries.length === 0 ? "<row/>" : `<row><x>${JSON.stringify(entries.map(entry))}</x></row>`,
  },
];

describe("rates", () => {
  it("P7 knows no rate across a reset, and no ratio of nothing", () => {
    expect(growth(10, 13)).toBe(3);
    expect(growth(10, 2)).toBeNull();
    expect(growth(undefined, 2)).toBeNull();
    expect(perSecond(10, 13, 1.5)).toBe(2);
    expect(perSecond(10, 13, 0)).toBeNull();
    expect(hitPercent(0, 0)).toBeNull();
    expect(hitPercent(3, 1)).toBe(75);
  });
});

describe("top statements", () => {
  it("P8 ranks by what happens now before what happened since the reset", () => {
    const first = statementReading(
      reading(100, { id: "1", calls: 10, ms: 90_000 }, { id: "2", calls: 1, ms: 10 }),
    );
    const second = statementReading(
      reading(101, { id: "1", calls: 10, ms: 90_000 }, { id: "2", calls: 5, ms: 810 }),
    );
    const [now, old] = rankStatements(first, second);

    expect(now?.entry.queryId).toBe("2");
    expect(now?.grown).toMatchObject({ calls: 4, execSeconds: 0.8 });
    expect(now?.rankedBy).toEqual(expect.arrayContaining(["time-now", "calls-now"]));
    expect(old?.rankedBy).not.toContain("time-now");
  });

  it("P8 counts an entry that is new, or was evicted and came back, from zero", () => {
    const first = statementReading(reading(100, { id: "1", calls: 10, ms: 90_000 }));
    const second = statementReading(
      reading(101, { id: "1", calls: 2, ms: 40 }, { id: "3", calls: 1, ms: 20 }),
    );
    const grown = new Map(
      rankStatements(first, second).map((ranked) => [ranked.entry.queryId, ranked.grown.calls]),
    );

    expect(grown).toEqual(
      new Map([
        ["1", 2],
        ["3", 1],
      ]),
    );
  });

  it("P6 P8 does not count the time that the responder itself slept between the readings", () => {
    const sight = [{ sees_all: true }];
    const text = (id: string, query: string) => ({
      key: `10/5/${id}`,
      query,
      user_name: "admin",
      database_name: "app",
      own: true,
      opted_out: false,
    });
    const rows = postgresTopStatements.read(
      [
        sight,
        reading(100, { id: "1", calls: 1, ms: 10 }),
        sight,
        reading(101, { id: "1", calls: 2, ms: 110 }, { id: "2", calls: 1, ms: 1000 }),
        [text("1", "select 1"), text("2", "select pg_stat_clear_snapshot()::text || pg_sleep($1)")],
      ],
      context,
    );

    expect(rows.map(({ queryId, now }) => [queryId, Math.round(now.percentOfTime ?? 0)])).toEqual([
      ["1", 100],
    ]);
  });

  it("P8 fetches the texts once, after both readings, and only of what is shown", async () => {
    let taken = 0;
    const many = Array.from({ length: 200 }, (_, n) => ({ id: String(-1000 - n), calls: 1, ms: n + 1 }));
    const session = fakeSession(({ sql }) => {
      if (sql.includes("sees_all")) return [{ sees_all: true }];
      if (sql.includes("query_to_xml")) {
        taken += 1;
        return reading(100 + taken, ...many);
      }
      return [
        {
          key: "10/5/-1199",
          query: "select $1",
          user_name: "shop",
          database_name: "app",
          own: false,
          opted_out: false,
        },
      ];
    });
    const [result] = await runProbes(session, [postgresTopStatements], context, steppingClock());
    const texts = session.asked.filter((sql) => sql.includes("pg_stat_statements(true)"));

    expect(result).toMatchObject({ status: "ok", statements: 5 });
    expect(result?.rows[0]).toMatchObject({
      queryId: "-1199",
      user: "shop",
      query: "select $1",
      now: { callsPerSecond: 0 },
    });
    expect(texts).toHaveLength(1);
    expect(texts[0]).toContain('from "o""dd".pg_stat_statements(true)');
    expect(texts[0]?.match(/-1\d\d\d/g)?.length).toBeLessThan(50);
  });

  it("P8 copes with an extension that has no entry yet, and skips where there is none", async () => {
    const session = (rows: readonly Record<string, unknown>[]) =>
      fakeSession(({ sql }) => (sql.includes("sees_all") ? [{ sees_all: true }] : rows));
    const [empty] = await runProbes(session(reading(1)), [postgresTopStatements], context, steppingClock());
    const [missing] = await runProbes(session([]), [postgresTopStatements], context, steppingClock());

    expect(empty).toMatchObject({ status: "ok", rows: [] });
    expect(missing).toMatchObject({
      status: "skipped",
      howToSee: expect.stringContaining("shared_preload_libraries"),
    });
  });
});
