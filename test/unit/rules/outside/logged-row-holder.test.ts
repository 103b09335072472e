import { describe, expect, it } from "vitest";
import { cleanLog } from "../../../../functions/core/context/clean-log.ts";
import type { LoadDimension } from "../../../../functions/core/contract/context.ts";
import { blockedByIdleTransaction } from "../../../../functions/core/rules/locks/blocked-by-idle-transaction.ts";
import { hotRowContention } from "../../../../functions/core/rules/locks/hot-row-contention.ts";
import { aConnection, collectedAt } from "../../../support/evidence-builder.ts";
import { held, metricView } from "../../../support/metric-scene.ts";

const head = (pid: number, secondsAgo: number) => {
  const at = new Date(Date.parse(collectedAt) - secondsAgo * 1000).toISOString().slice(0, 19);
  return `${at.replace("T", " ")} UTC:10.0.0.7(54):shop@app:[${pid}]:`;
};

interface Wait {
  readonly holder?: number;
  readonly transaction?: number;
  readonly on?: string;
}

/** As log_lock_waits writes it. */
function waits(pid: number, secondsAgo: number, { holder = 8123, transaction = 700, on }: Wait = {}) {
  const what = on ?? `ShareLock on transaction ${transaction}`;
  return [
    `LOG:  process ${pid} still waiting for ${what} after 1000.118 ms`,
    `DETAIL:  Process holding the lock: ${holder}. Wait queue: ${pid}.`,
    'CONTEXT:  while updating tuple (8,14) in relation "stock"',
    "STATEMENT:  UPDATE stock SET reserved = reserved + $1 WHERE sku = $2",
  ].map((text) => head(pid, secondsAgo) + text);
}

const kept = [waits(71, 400), waits(72, 300), waits(73, 90)].flat();

const wanted = "UPDATE stock SET reserved = reserved + ? WHERE sku = ?";

/** Thirty wait for rows, to do `statement`; so many sessions are at work beside. */
function loadOf(busy: number, statement: string): LoadDimension[] {
  const row = { name: "Lock:transactionid", id: null, load: 30, waits: [] };
  const cpu = { name: "CPU", id: null, load: busy, waits: [] };
  return [
    { by: "wait-event", items: [row, cpu] },
    { by: "statement", items: [{ ...row, name: statement, waits: [{ name: row.name, load: 30 }] }] },
  ];
}

/** Nobody got in, and the log is read as it is read from RDS. */
function told(
  lines: readonly string[],
  busy: number | null = 0.1,
  statement = wanted,
  dbLoad: { readonly now: number; readonly usual: number } | null = null,
) {
  const portion = { file: "error/x.log", kind: "error", lastWrittenAt: null, truncated: false } as const;
  const options = { dialect: "postgres", queryText: "normalised", maxLines: 40, maxLineLength: 500 } as const;
  const view = metricView({
    self: { instanceClass: "db.r6g.xlarge", vcpus: 4 },
    values: { WriteIOPS: held(20), ...(dbLoad === null ? {} : { DBLoad: held(dbLoad.now) }) },
    readings: {
      WriteIOPS: { latest: null, baselineDay: 400, baselineWeek: 400 },
      ...(dbLoad === null ? {} : { DBLoad: { baselineDay: dbLoad.usual, baselineWeek: dbLoad.usual } }),
    },
    context: {
      logs: [cleanLog({ ...portion, text: lines.join("\n") }, options)],
      load: busy === null ? null : loadOf(busy, statement),
    },
    overrides: { connection: aConnection({ status: "not-tried" }), probes: [] },
  });
  const outside = { ...view, server: null, connections: null, sessions: null, forests: null };
  return {
    idle: blockedByIdleTransaction.evaluate(outside),
    rows: hotRowContention.evaluate(outside),
  };
}

describe("a transaction that keeps its rows, by the log alone", () => {
  it("D7 is a note where its log has long been silent and the load says that nobody waits, and none while it says they do", () => {
    const thirty = Array.from({ length: 30 }, (_, at) => waits(71 + at, 1500 - 10 * at)).flat();
    const severity = (now: number, usual: number) => {
      const { idle, rows } = told(thirty, 0.1, wanted, { now, usual });
      return [...idle, ...rows].map((one) => one.severity);
    };
    expect(severity(30, 1)).toEqual(["P1"]);
    // Some gave up in a block that logs no end.
    expect(severity(18, 1)).toEqual(["P1"]);
    expect(severity(1, 1)).toEqual(["P3"]);
    expect(severity(12, 1)).toEqual(["P2"]);
  });

  it("D4 names its process, the table, for how long and what waits, and ends nobody", () => {
    const thirty = Array.from({ length: 30 }, (_, at) => waits(71 + at, 400 - 10 * at)).flat();
    const { idle, rows } = told(thirty);
    expect(rows).toEqual([]);
    expect(idle).toMatchObject([{ subject: "process:8123", severity: "P1", actions: [] }]);
    expect(idle[0]?.explains.map(({ cause }) => cause)).toContain("too-many-connections");
    expect(idle[0]?.summary).toContain(
      "One transaction, of process 8123, has kept rows of stock for 6 min 41 s or longer, and 30 sessions wait for it by the log: UPDATE stock SET reserved = reserved + $1 WHERE sku = $2; it does nothing meanwhile",
    );
    expect(idle[0]?.evidence.at(-1)?.says).toContain("pg_terminate_backend(8123)");
  });

  it("D7 is never who waits first for the row, whose own line was left out", () => {
    const behind = [72, 73, 74].flatMap((pid, index) =>
      waits(pid, 400 - 100 * index, {
        holder: 71,
        on: "ExclusiveLock on tuple (8,14) of relation 24961 of database 16402",
      }),
    );
    const { idle, rows } = told(behind);
    expect([...idle, ...rows].filter(({ subject }) => subject.startsWith("process:"))).toEqual([]);
  });

  it("D7 is said to idle most likely where it might be who works a little, in however many statements", () => {
    const { idle } = told(kept, 0.6);
    expect(idle[0]?.summary).toContain("it idles most likely: but for those who wait, less than one session");
    expect(idle[0]?.evidence.at(-1)?.says).toContain("of one at work what it has done is lost");
  });

  it("D7 has not the severity of those who wait for other rows, who are told beside it", () => {
    const carts = "UPDATE carts SET items = items + ? WHERE id = ?";
    // Or for others of the same table: the log has all who wait for this one.
    for (const statement of [carts, wanted]) {
      const { idle, rows } = told(kept, 0.1, statement);
      expect(idle).toMatchObject([{ subject: "process:8123", severity: "P2", explains: [] }]);
      expect(rows[0]?.summary).toContain("30 sessions on average wait for rows");
      expect(rows[0]?.summary).toContain(statement.slice(0, 12));
    }
  });

  it("D7 is who has what most wait for, though one alone waits for it itself", () => {
    const row = { holder: 71, on: "ExclusiveLock on tuple (8,14) of relation 5 of database 6" };
    const hot = [waits(71, 400), ...[72, 73, 74].map((pid) => waits(pid, 300, row))].flat();
    const ofAJob = [
      waits(91, 250, { holder: 9000, transaction: 5 }),
      waits(92, 180, { holder: 9000, transaction: 5 }),
    ];
    const { idle } = told([...hot, ...ofAJob.flat()]);
    expect(idle).toMatchObject([{ subject: "process:8123" }]);
    expect(idle[0]?.summary).toContain("4 sessions wait");
  });

  it("D7 is not said to idle where somebody works, or nobody measured", () => {
    for (const busy of [1.6, null]) {
      const { idle, rows } = told(kept, busy);
      expect(idle).toEqual([]);
      expect(rows[0]?.summary).toContain("process 8123");
      expect(rows[0]?.summary).toContain("whether it works or idles could not be seen");
    }
  });

  it("D3 counts who waits for the row behind one of them", () => {
    const row = (mode: string) => `${mode} on tuple (8,14) of relation 5 of database 6`;
    const behind = [
      waits(74, 60, { holder: 71, on: row("ExclusiveLock") }),
      waits(75, 50, { holder: 74, on: row("AccessExclusiveLock") }),
      // It has rows of its own.
      waits(76, 40, { holder: 72, transaction: 650 }),
    ].flat();
    expect(told([...kept, ...behind]).idle[0]?.summary).toContain("6 sessions wait");
  });

  it("D3 counts all that was read, not what was kept of it, and savepoints as their transaction", () => {
    const all = Array.from({ length: 120 }, (_, at) =>
      waits(200 + at, 500 - at * 3, { transaction: 700 + (at % 3) }),
    ).flat();
    const noise = Array.from(
      { length: 400 },
      (_, at) => `${head(900 + at, 40)}ERROR:  canceling statement due to statement timeout ${at}`,
    );
    expect(told([...all, ...noise]).idle[0]?.summary).toContain("120 sessions wait");
  });

  it("D7 tells by the end of the log how long it stands: one wait each at the beginning is enough", () => {
    const atOnce = [waits(71, 400), waits(72, 399)].flat();
    const later = `${head(900, 20)}LOG:  checkpoint starting: time`;
    expect(told([...atOnce, later]).idle[0]?.summary).toContain("2 sessions wait");
    // A full pool of whom nobody says anything more.
    const pool = Array.from({ length: 40 }, (_, at) => waits(200 + at, 600 - at)).flat();
    expect(told(pool).idle[0]?.summary).toContain("10 min 1 s or longer, and 40 sessions wait");
    const anew = `${head(1, 20).replace("10.0.0.7(54):shop@app", ":@")}LOG:  database system is ready to accept connections`;
    expect(told([...atOnce, anew]).idle).toEqual([]);
  });

  it("D7 names nobody where several hold the row, or what he waits for is no row", () => {
    const shared = kept.map((line) =>
      line.replace("Process holding the lock: 8123", "Processes holding the lock: 8123, 8124"),
    );
    expect(told(shared).idle).toEqual([]);
    const onTable = waits(8123, 20, { holder: 9000, on: "AccessShareLock on relation 5 of database 6" });
    expect(told([...kept, ...onTable]).idle).toEqual([]);
  });

  it("D10 is none of rows that go from hand to hand: another transaction has them each time", () => {
    const turns = [71, 72, 73].flatMap((pid, at) =>
      waits(pid, 400 - at * 150, { holder: pid + 100, transaction: 700 + at }),
    );
    const { idle, rows } = told(turns);
    expect(idle).toEqual([]);
    expect(rows[0]?.summary).not.toContain("process");
  });

  it("D7 is none where they went on, or waited less than a minute, or its process waits itself", () => {
    const on = (pid: number) =>
      `${head(pid, 20)}LOG:  process ${pid} acquired ShareLock on transaction 700 after 3000.1 ms`;
    expect(told([...kept, on(71), on(72)]).idle).toEqual([]);
    expect(told([waits(71, 50), waits(72, 30)].flat()).idle).toEqual([]);
    expect(told([...kept, ...waits(8123, 20, { holder: 9000, transaction: 1 })]).idle).toEqual([]);
  });
});
