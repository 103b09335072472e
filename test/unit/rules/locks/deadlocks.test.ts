import { describe, expect, it } from "vitest";
import type { DatabaseContext } from "../../../../functions/core/contract/context.ts";
import type { LastDeadlockRow } from "../../../../functions/core/probes/mysql/last-deadlock-rows.ts";
import type { DatabaseRatesRow } from "../../../../functions/core/probes/postgres/database-rates-rows.ts";
import { deadlocks as rule } from "../../../../functions/core/rules/locks/deadlocks.ts";
import { aMetric, aProbe, aView, someEvidence } from "../../../support/evidence-builder.ts";
import { aForest, aRunning, type Member } from "../../../support/forest-builder.ts";

function rates(deadlocks: number, overrides: Partial<DatabaseRatesRow> = {}): DatabaseRatesRow {
  return {
    database: "shop",
    connections: 20,
    intervalSeconds: 1,
    commitsPerSecond: 400,
    rollbacksPerSecond: 2,
    blocksHit: 1000,
    blocksRead: 1,
    cacheHitPercent: 99,
    tempFilesPerSecond: 0,
    tempBytesPerSecond: 0,
    rowsReturnedPerSecond: 10,
    rowsFetchedPerSecond: 10,
    rowsChangedPerSecond: 10,
    deadlocks,
    conflicts: 0,
    checksumFailures: 0,
    sinceReset: {
      statsSeconds: 3600,
      cacheHitPercent: 99,
      tempFiles: 0,
      tempBytes: 0,
      deadlocks: 40,
      conflicts: 0,
      checksumFailures: 0,
      lastChecksumFailureSeconds: null,
    },
    ...overrides,
  };
}

function findingAt(row: DatabaseRatesRow) {
  const { probes } = someEvidence();
  const probe = aProbe("postgres-database-rates", [row], { tier: "performance" });
  return rule.evaluate(aView({ overrides: { probes: [...probes, probe] } }))[0];
}

function aContext(lines: readonly string[]): DatabaseContext {
  return {
    schema: "database-context.v1",
    readAt: "2026-11-21T10:00:00.000Z",
    topology: null,
    readings: [],
    events: null,
    logs: [
      {
        file: "error/postgresql.log",
        kind: "error",
        lastWrittenAt: null,
        lines: [...lines],
        truncated: false,
      },
    ],
    load: null,
    backups: null,
    changes: null,
  };
}

function last(overrides: Partial<LastDeadlockRow> = {}): LastDeadlockRow {
  return {
    at: "2026-11-21T09:59:58.000Z",
    ageSeconds: 2,
    deadlocksSinceStart: 600,
    uptimeSeconds: 3600,
    tables: ["app.orders"],
    transactions: [],
    incomplete: false,
    ...overrides,
  };
}

function innodb(row: LastDeadlockRow) {
  const { probes } = someEvidence({ engine: "mysql" });
  const probe = aProbe("mysql-last-deadlock", [row], { tier: "performance" });
  return rule.evaluate(aView({ engine: "mysql", overrides: { probes: [...probes, probe] } }))[0];
}

describe("deadlocks", () => {
  it("D2 says how many in which time and where, and that no session is to be ended", () => {
    const finding = findingAt(rates(4));
    expect(finding).toMatchObject({ severity: "P2", actions: [] });
    expect(finding?.summary).toContain("4 in 1 s in database shop, 40 in all within 1 h");
  });

  it("D4 takes a single one in the interval for no incident, and none for nothing", () => {
    expect(findingAt(rates(1))?.severity).toBe("P3");
    expect(findingAt(rates(0))).toBeUndefined();
    expect(findingAt(rates(0, { deadlocks: null }))).toBeUndefined();
  });

  it("T five a minute are an incident, fewer are worth knowing", () => {
    expect(findingAt(rates(5, { intervalSeconds: 60 }))?.severity).toBe("P2");
    expect(findingAt(rates(4, { intervalSeconds: 60 }))?.severity).toBe("P3");
  });

  it("D4 forgets what InnoDB remembers from long ago", () => {
    expect(innodb(last())?.severity).toBe("P2");
    expect(innodb(last())?.summary).toContain("on app.orders");
    expect(innodb(last({ deadlocksSinceStart: 3 }))?.severity).toBe("P3");
    expect(innodb(last({ ageSeconds: 61 }))).toBeUndefined();
    expect(innodb(last({ ageSeconds: null }))).toBeUndefined();
  });

  it("D4 takes a total for no rate: a storm of this morning is over, and one that rages shows in a second", () => {
    const at = (deadlocks: number, uptimeSeconds: number) =>
      innodb(last({ now: { deadlocks, intervalSeconds: 1 }, uptimeSeconds }))?.severity;
    expect(at(0, 3600)).toBe("P3");
    expect(at(1, 3600)).toBe("P3");
    expect(at(2, 3600)).toBe("P2");
    expect(at(0, 600)).toBe("P2");
    expect(innodb(last({ now: null }))?.severity).toBe("P3");
  });

  it("D7 knows them from Aurora's metric and from the log alone", () => {
    const at = (perSecond: number) =>
      rule.evaluate(aView({ overrides: { metrics: [aMetric("Deadlocks", [0, perSecond])] } }))[0];
    expect(at(0.1)?.severity).toBe("P2");
    expect(at(0.05)?.severity).toBe("P3");
    expect(at(0)).toBeUndefined();
    const logged = (minute: string, count: number) =>
      Array.from(
        { length: count },
        () => `2026-11-21 09:${minute}:01 UTC:10.0.0.7(54):shop@app:[7]:ERROR: deadlock detected`,
      );
    const fromLog = (lines: readonly string[]) =>
      rule.evaluate(aView({ overrides: { context: aContext(lines) } }))[0];
    expect(fromLog(logged("58", 6))?.severity).toBe("P2");
    expect(fromLog(logged("58", 2))?.severity).toBe("P3");
    expect(fromLog(logged("30", 6))).toBeUndefined();
  });

  it("D2 names the statements and the table that PostgreSQL's log tells, else who waits for a row just now", () => {
    const prefix = "2026-11-21 09:58:01 UTC:10.0.0.7(54):shop@app:[7]:";
    const waits =
      "Process 7 waits for ShareLock on transaction 70; blocked by process 9. Process 9 waits for ShareLock on transaction 71; blocked by process 7.";
    const logged = rule.evaluate(
      aView({
        overrides: {
          context: aContext([
            `${prefix}ERROR: deadlock detected`,
            `${prefix}DETAIL:${waits} Process 7: UPDATE orders SET n = ? Process 9: DELETE FROM lines WHERE id = ?`,
            `${prefix}CONTEXT: while updating tuple (?,?) in relation "orders"`,
          ]),
        },
      }),
    )[0];
    expect(logged?.summary).toContain("Deadlocks on orders: ");
    expect(
      logged?.evidence.map(({ says }) => says).filter((says) => says.startsWith("in a deadlock")),
    ).toEqual(["in a deadlock: DELETE FROM lines WHERE id = ?", "in a deadlock: UPDATE orders SET n = ?"]);
    const waiter: Member = {
      who: aRunning(10, 0.4, { query: "UPDATE tickets SET n = $1" }),
      behind: "session:1",
      waits: { object: "transaction 70 (row (0,7) of public.tickets)", objectKind: "transaction" },
    };
    const forests = [aForest([{ who: aRunning(1, 0.4) }, waiter])];
    const { probes } = someEvidence({ forests });
    const probe = aProbe("postgres-database-rates", [rates(4)], { tier: "performance" });
    const [seen] = rule.evaluate(aView({ forests, overrides: { probes: [...probes, probe] } }));
    expect(seen?.evidence[1]?.says).toBe(
      "waits for a row of public.tickets just now: UPDATE tickets SET n = $1",
    );
  });
});

describe("deadlocks seen from outside", () => {
  const update = "UPDATE `stock` SET `reserved` = `reserved` + ? WHERE `sku` = ?";
  const other = "SELECT * FROM `orders` WHERE `id` = ?";
  const rowWait = "synch/cond/innodb/row_lock_wait_cond";

  function saysOf(waits: Readonly<Record<string, number>>, statements: readonly LoadItem[], name = rowWait) {
    const items = Object.entries(waits).map(([wait, load]) => ({ name: wait, id: null, load, waits: [] }));
    const context = {
      ...aContext([]),
      logs: null,
      load: [
        { by: "wait-event" as const, items },
        {
          by: "statement" as const,
          items: statements.map(({ sql, load, waiting }) => ({
            ...{ name: sql, id: null, load },
            waits: waiting > 0 ? [{ name, load: waiting }] : [{ name: "CPU", load }],
          })),
        },
      ],
    };
    const view = aView({ overrides: { context, metrics: [aMetric("Deadlocks", [4, 4, 4])] } });
    const [finding] = rule.evaluate({ ...view, sessions: null, forests: null });
    return finding?.evidence
      .filter(({ source }) => source === "Performance Insights")
      .map(({ says }) => says);
  }
  interface LoadItem {
    readonly sql: string;
    readonly load: number;
    readonly waiting: number;
  }

  it.each([rowWait, "Lock:transactionid", "Lock:tuple"])(
    "D4 names who waits for rows by Performance Insights (%s), and takes it for no proof",
    (name) => {
      const statements = [
        { sql: other, load: 3, waiting: 0 },
        { sql: update, load: 2.6, waiting: 2.4 },
      ];
      expect(saysOf({ [name]: 2.4, CPU: 3 }, statements, name)).toEqual([
        `2.4 sessions at a time wait for a row in ${update} (100 % of such waits): that is who waits, as both of a deadlock do before one is rolled back, and no proof`,
      ]);
    },
  );

  it("D4 names none where nobody waits for rows, where it is too little, and where it is spread over many", () => {
    expect(saysOf({ CPU: 5 }, [{ sql: update, load: 5, waiting: 0 }])).toEqual([]);
    expect(saysOf({ [rowWait]: 0.1, CPU: 5 }, [{ sql: update, load: 1, waiting: 0.1 }])).toEqual([]);
    const many = [1, 2, 3, 4, 5, 6].map((at) => ({
      sql: `UPDATE t${at} SET n = ?`,
      load: 0.4,
      waiting: 0.4,
    }));
    expect(saysOf({ [rowWait]: 2.4, CPU: 1 }, many)).toEqual([]);
  });

  it("P29 tells first who lost a deadlock of three, and calls nobody the winner where the text ends early", () => {
    const one = (number: number, rolledBack: boolean): LastDeadlockRow["transactions"][number] => ({
      ...{ number, transactionId: String(900 + number), sessionId: number, user: "shop", client: "10.0.0.1" },
      ...{
        activeSeconds: 0,
        rowsModified: 1,
        query: `SELECT ${number}`,
        rolledBack,
        holds: [],
        waitsFor: [],
      },
    });
    const says = (row: LastDeadlockRow) => {
      const { probes } = someEvidence();
      const probe = aProbe("mysql-last-deadlock", [row], { tier: "performance" });
      const view = aView({ overrides: { probes: [...probes, probe] } });
      return rule.evaluate(view)[0]?.evidence.map((each) => each.says) ?? [];
    };
    const three = says(last({ transactions: [one(1, false), one(2, false), one(3, true)] }));
    expect(three.slice(1, 4)).toEqual([
      "transaction 3 of user shop was rolled back with 1 changed row: SELECT 3",
      "transaction 1 of user shop won: SELECT 1",
      "1 more transaction took part",
    ]);
    const cut = says(last({ transactions: [one(1, false)], incomplete: true }));
    expect(cut.slice(1, 3)).toEqual([
      "transaction 1 of user shop took part: SELECT 1",
      "who was rolled back could not be seen: the server's text ends early",
    ]);
  });
});
