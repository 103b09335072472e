import { describe, expect, it } from "vitest";
import { cleanLog } from "../../../../functions/core/context/clean-log.ts";
import { expensiveStatement } from "../../../../functions/core/rules/queries/expensive-statement.ts";
import { cpuSaturated } from "../../../../functions/core/rules/resources/cpu-saturated.ts";
import { collectedAt } from "../../../support/evidence-builder.ts";
import { held, metricView } from "../../../support/metric-scene.ts";

const scan = "SELECT id FROM device_tokens WHERE fcm_token = ? LIMIT ?;";

interface Calls {
  readonly sql?: string;
  readonly count?: number;
  /** Between one call and the next. */
  readonly apart?: number;
  readonly seconds?: number;
  readonly locked?: number;
  readonly sent?: number;
  readonly examined?: number;
  readonly ageSeconds?: number;
}

/** As the server writes it. */
function linesOf(calls: Calls, time: (at: Date) => string): string[] {
  const {
    sql = scan,
    count = 150,
    apart = 0.4,
    seconds = 4,
    locked = 0,
    sent = 1,
    examined = 2_100_000,
  } = calls;
  return Array.from({ length: count }, (_, at) => {
    const end = new Date(Date.parse(collectedAt) - 1000 * ((calls.ageSeconds ?? 65) - at * apart));
    return [
      `# Time: ${time(end)}`,
      "# User@Host: push_api[push_api] @ [10.31.4.17] Id: 770650",
      `# Query_time: ${seconds.toFixed(6)} Lock_time: ${locked.toFixed(6)} Rows_sent: ${sent} Rows_examined: ${examined}`,
      sql,
    ];
  }).flat();
}

const mysqlTime = (at: Date) => at.toISOString().replace("Z", "204Z");
const mariadbTime = (at: Date) => {
  const iso = at.toISOString();
  return `${iso.slice(2, 10).replaceAll("-", "")} ${Number(iso.slice(11, 13))}${iso.slice(13, 19)}`;
};

interface Scene {
  readonly cpu?: number;
  readonly time?: typeof mysqlTime;
  readonly cut?: boolean;
  /** Statements a second, of 1000 as a rule. */
  readonly queries?: number;
}

const usual = (value: number) => ({ baselineDay: value, baselineWeek: value });

/** A minute of it by default, and no more than was read where it is `cut`. */
function view(all: readonly Calls[], { cpu = 98, time = mysqlTime, cut = true, queries }: Scene = {}) {
  const portion = {
    file: "slowquery/mysql-slowquery.log",
    kind: "slow",
    lastWrittenAt: collectedAt,
  } as const;
  const options = { dialect: "mysql", queryText: "normalised", maxLines: 40, maxLineLength: 500 } as const;
  const text = all.flatMap((calls) => linesOf(calls, time)).join("\n");
  const log = cleanLog({ ...portion, truncated: cut, text }, options);
  const seen = metricView({
    engine: "mysql",
    self: { vcpus: 4 },
    values: { CPUUtilization: held(cpu), ...(queries === undefined ? {} : { Queries: held(queries) }) },
    readings: queries === undefined ? {} : { CPUUtilization: usual(30), Queries: usual(1000) },
    context: { logs: [log] },
  });
  return { ...seen, server: null, connections: null, sessions: null, forests: null };
}

const told = (all: readonly Calls[], scene?: Scene) => expensiveStatement.evaluate(view(all, scene))[0];

describe("who takes the CPU by the slow log, without Performance Insights", () => {
  it("D4 M3 is the statement of most of its time, and what it looks at for what it sends", () => {
    const finding = told([{}]);
    expect(finding).toMatchObject({ severity: "P2", actions: [] });
    expect(finding?.summary).toBe(
      "One statement makes 100 % of the time in the slow log, 9.4 sessions at a time (user push_api): SELECT id FROM device_tokens WHERE fcm_token = ? LIMIT ?; each call takes 4 s and looks at 2,100,000 rows to send 1: most likely no index fits its condition",
    );
    expect(finding?.explains.map(({ cause }) => cause)).toContain("cpu-saturated");
    expect(told([{}], { time: mariadbTime })?.summary).toContain("FROM device_tokens");
  });

  it("D4 says nothing of an index where rows are sent, or one stands for many", () => {
    expect(told([{ sent: 40_000 }])?.summary).toMatch(/rows to send 40000$/);
    const sum = "SELECT SUM(amount) FROM payments WHERE shop_id = ?;";
    expect(told([{ sql: sum }])?.summary).toMatch(/rows to send 1$/);
  });

  it("D7 is nobody where calls are few, old, wait for locks, are shared, or the CPU has room", () => {
    expect(told([{ count: 2 }])).toBeUndefined();
    expect(told([{ ageSeconds: 3600 }])).toBeUndefined();
    expect(told([{ count: 8, apart: 60, ageSeconds: 500 }])).toBeUndefined();
    expect(told([{ locked: 3.9 }])).toBeUndefined();
    const other = { sql: "SELECT name FROM shops WHERE id = ?;" };
    expect(told([{}, { ...other, seconds: 3.9 }, { sql: "SELECT 1;", seconds: 3 }])).toBeUndefined();
    expect(told([{}], { cpu: 55 })).toBeUndefined();
  });

  it("D2 is named beside a full CPU as a suspect where few of its calls were kept, and not for a trifle of them", () => {
    const few = { count: 24, apart: 12, seconds: 7, ageSeconds: 70 + 23 * 12 };
    const summary = (calls: Calls) => cpuSaturated.evaluate(view([calls], { cut: false }))[0]?.summary;
    expect(summary(few)).toMatch(
      /24 of 24 calls in the slow log of 5 min are of one statement that looks at 2,100,000 rows for 1: SELECT id/,
    );
    expect(summary({ ...few, seconds: 0.4 })).not.toContain("slow log");
    expect(summary({ ...few, examined: 12 })).not.toContain("slow log");
  });

  it("D2 D11 is named and looked at first where more statements come, too", () => {
    const few = { count: 24, apart: 12, seconds: 7, ageSeconds: 70 + 23 * 12 };
    const [finding] = cpuSaturated.evaluate(view([few], { cut: false, queries: 1600 }));
    expect(finding?.summary).toMatch(
      /; 1600 statements a second, 1000 as a rule; 24 of 24 calls in the slow/,
    );
    expect(finding?.actions[0]?.preview).toMatch(
      /^# No call is shown: 24 of 24 calls .*: first see whether an index serves it\.$/,
    );
    const quick = cpuSaturated.evaluate(view([{ ...few, examined: 12 }], { cut: false, queries: 1600 }));
    expect(quick[0]?.actions[0]?.preview).toContain("aws rds modify-db-instance");
  });

  it("D7 is nobody who is slow since it gets no CPU, nor who was slow some minutes ago", () => {
    const lookup = { sql: "SELECT name FROM shops WHERE id = ?;", examined: 1, seconds: 12 };
    expect(told([lookup])).toBeUndefined();
    expect(told([{ ageSeconds: 13 * 60 }])).toBeUndefined();
    expect(cpuSaturated.evaluate(view([lookup]))[0]?.actions[0]?.preview).not.toContain(
      "one statement takes",
    );
  });

  it("D7 is nobody who took some seconds of the last minutes, however close together", () => {
    const panels = { count: 4, apart: 0.05, seconds: 6, examined: 3_000_000, ageSeconds: 60 };
    expect(told([panels], { cut: false })).toBeUndefined();
    // The file is of the full hour, and so are they.
    const hourly = { count: 3, apart: 0.1, seconds: 11, examined: 6_000_000, ageSeconds: 0 };
    expect(told([hourly], { cut: false })).toBeUndefined();
    // Of a long log whatever came before them was read as well.
    expect(told([{ count: 1, seconds: 2, sql: "SELECT 1;", ageSeconds: 280 }, panels])).toBeUndefined();
    // The file is as old as the hour: its first line tells not when the calls began.
    expect(told([{}], { cut: false })).toBeDefined();
  });

  it("D7 goes on between its rounds: a call is logged when it ends", () => {
    const round = (ageSeconds: number) => ({
      count: 8,
      apart: 0.1,
      seconds: 150,
      examined: 75_000_000,
      ageSeconds,
    });
    expect(told([round(240), round(90)], { cut: false })?.summary).toContain("sessions at a time");
    expect(told([round(320), round(170)], { cut: false })).toBeUndefined();
  });

  it("D7 counts all that was read, of which a few lines are kept", () => {
    expect(told([{}])?.evidence[0]?.says).toContain("150 of the 150 calls");
  });

  it("D11 a larger class is not offered before the statement was looked at", () => {
    const [finding] = cpuSaturated.evaluate(view([{}]));
    expect(finding?.actions.map(({ automatic }) => automatic)).toEqual([false]);
    expect(finding?.actions[0]?.preview).toContain(
      "one statement takes 100 % of the time (SELECT id FROM device_tokens",
    );
  });
});
