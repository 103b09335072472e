import { describe, expect, it } from "vitest";
import { cleanLog } from "../../../functions/core/context/clean-log.ts";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { mysqlToldNow } from "../../../functions/core/facts/mysql-told.ts";
import { mysqlSaid } from "../../../functions/core/rules/mysql-said.ts";
import { mysqlBeside, mysqlTold } from "../../../functions/core/rules/mysql-told.ts";
import { noTemporarySpace } from "../../../functions/core/rules/resources/temporary-space-full.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { aConnection, collectedAt } from "../../support/evidence-builder.ts";
import { held, type MetricScene, metricView } from "../../support/metric-scene.ts";

/** Some messages, each so many seconds ago. */
type Said = readonly (readonly [ago: number, says: string])[];

function viewWith(said: Said, scene: Partial<MetricScene> = {}) {
  const text = said
    .toSorted((a, b) => b[0] - a[0])
    .map(([ago, says]) => {
      const at = new Date(Date.parse(collectedAt) - 1000 * ago).toISOString().replace("Z", "317Z");
      return `${at} 12 ${says}`;
    })
    .join("\n");
  const file = "error/mysql-error-running.log";
  const portion = { file, kind: "error", lastWrittenAt: null, truncated: false, text } as const;
  const options = { dialect: "mysql", queryText: "normalised", maxLines: 40, maxLineLength: 500 } as const;
  return metricView({ engine: "mysql", ...scene, context: { logs: [cleanLog(portion, options)] } });
}

const toldOf = (said: Said, scene: Partial<MetricScene> = {}) =>
  mysqlToldNow(viewWith(said, scene)).map(({ row, severity }) => `${severity} ${row.cause}`);

const times = (count: number, of: (at: number) => readonly [number, string]): Said =>
  Array.from({ length: count }, (_, at) => of(at));
const server = (level: string, text: string) => `[${level}] [MY-010045] [Server] ${text}`;
const event = (level: string, text: string) =>
  server(level, `Event Scheduler: [app@%][shop.nightly-job] ${text}`);
const applier = (level: string) =>
  `[${level}] [MY-010584] [Repl] Replica SQL for channel '': Could not execute Update_rows event on table shop.stock; Lock wait timeout exceeded; try restarting transaction, Error_code: 1205; handler error HA_ERR_LOCK_WAIT_TIMEOUT; the event's source log x, end_log_pos 1, Error_code: MY-001205`;
const unconnected =
  "[ERROR] [MY-010584] [Repl] Replica I/O for channel '': Error reconnecting to source 'repl@10.9.0.5:3306'. This was attempt 1/86400, with a delay of 60 seconds between attempts. Message: Can't connect to MySQL server on '10.9.0.5:3306' (111), Error_code: MY-002003";
const receives =
  "[System] [MY-010562] [Repl] Replica I/O thread for channel '': connected to source 'repl@10.9.0.5:3306',replication started in log 'mysql-bin-changelog.092144' at position 157";
const applies =
  "[Note] [MY-010581] [Repl] Replica SQL thread for channel '' initialized, starting replication in log 'x' at position 157, relay log 'relaylog.000044' position: 4";
const stopped = ["P1 replication-stopped"];
const ready =
  "[System] [MY-010931] [Server] /rdsdbbin/mysql/bin/mysqld: ready for connections. Version: '8.0.41'  socket: ''  port: 3306";
const redo = "[Warning] [MY-013865] [InnoDB] Redo log writer is waiting for a new redo log file.";
const full =
  "[ERROR] [MY-010907] [Server] Disk is full writing '/rdsdbdata/log/binlog/mysql-bin-changelog.000123' (OS errno 28 - No space left on device). Waiting for someone to free space...";
const merge = (file: string) =>
  `[ERROR] [MY-012639] [InnoDB] Write to file ${file} failed at offset 1048576, 1048576 bytes should have been written, only 0 were written. Operating system error number 28.`;
const blocked = server("Warning", "Host '10.0.3.7' is blocked because of many connection errors;");
const taken = (key: string) => event("ERROR", `Duplicate entry '2147483647' for key '${key}'`);
const refusal = event("ERROR", "The MySQL server is running with the --read-only option so it cannot");
const refusals = times(3, (at) => [60 * at, refusal]);
const latch = "[Warning] [MY-012985] [InnoDB] A long semaphore wait:";
const xa = "[Warning] [MY-010225] [Server] Found 3 prepared XA transactions";
const unreached = { overrides: { connection: { status: "failed" } } } as unknown as Partial<MetricScene>;

const storm = ["P2 error-storm"];
const cases: readonly (readonly [
  what: string,
  told: readonly string[],
  said: Said,
  Partial<MetricScene>?,
])[] = [
  ["an event that fails", storm, times(9, (at) => [60 * at, event("ERROR", "Unknown table 't'")])],
  ["one that warns", [], times(9, (at) => [60 * at, event("Warning", "No data - zero rows fetched")])],
  ["what a replica cannot apply", stopped, [[300, applier("ERROR")]]],
  ["what it tries again", [], [[300, applier("Warning")]]],
  [
    "what nobody applies, and its receiver goes on",
    stopped,
    [
      [300, applier("ERROR")],
      [200, receives],
    ],
  ],
  [
    "what is applied again",
    [],
    [
      [300, applier("ERROR")],
      [200, applies],
    ],
  ],
  [
    "a stop where its replication was seen",
    [],
    [[300, applier("ERROR")]],
    { probes: { "mysql-replication": [] } },
  ],
  ["a source that starts again", [], [[60, unconnected]]],
  ["one that does not", stopped, [[240, unconnected]]],
  ["one that does not, by attempts", stopped, times(3, (at) => [30 * at, unconnected])],
  [
    "one that was back",
    [],
    [
      [240, unconnected],
      [200, receives],
    ],
  ],
  ["a flood of now", ["P2 write-stall"], times(60, (at) => [10 * at, redo])],
  ["one before the start", [], [...times(60, (at) => [400 + at, redo] as const), [300, ready], [200, redo]]],
  ["a flood over many hours", [], times(60, (at) => [100 + 800 * at, redo])],
  ["a latch", ["P1 latch-contention"], [[100, latch]]],
  ["one of before", [], [[400, latch]]],
  ["a full disk", ["P1 storage-low"], [[400, full]]],
  ["one that has room again", [], [[400, full]], { values: { FreeStorageSpace: [64e9, 64e9] } }],
  ["a line of the future", [], [[-7200, full]]],
  ["a file of the volume", ["P1 storage-low"], [[60, merge("./shop/orders.ibd")]]],
  ["a file of a sort", [], [[60, merge("(merge)")]]],
  ["temporary tables", [], [[60, merge("./ibtmp1")]]],
  ["a host that is blocked", ["P2 instance-limit-reached"], times(3, (at) => [60 * at, blocked])],
  ["one of before, or once", [], times(3, (at) => [400 + at, blocked])],
  ["a counter at its end", ["P1 key-exhausted"], times(2, (at) => [60 * at, taken("orders.PRIMARY")])],
  ["a number that was cut", ["P2 key-exhausted"], times(2, (at) => [60 * at, taken("customers.phone")])],
  ["a database that refuses", ["P2 database-read-only"], refusals, { server: { writable: false } }],
  ["one that was seen to write", [], refusals, { server: { writable: true } }],
  ["prepared ones that nobody waits for", ["P3 prepared-transaction-holding-locks"], [[600, xa]]],
  ["prepared ones that nobody saw", ["P2 prepared-transaction-holding-locks"], [[600, xa]], unreached],
  ["a variable that a server may lack", [], [[60, server("Warning", "unknown variable 'loose_x=1'.")]]],
];

describe("what MySQL's error log says of itself", () => {
  const each = cases.map(([what, told, said, scene]) => ({ what, told, said, scene }));
  it.each(each)("D7 $what", ({ told, said, scene }) => {
    expect(toldOf(said, scene)).toEqual(told);
  });

  it("D7 the key is named, and not the event", () => {
    const [told] = mysqlToldNow(viewWith(times(2, (at) => [60 * at, taken("customers.phone")])));
    expect(told?.caught).toBe("'customers.phone'");
  });

  it.each(["(merge)", "./ibtmp1", "/rdsdbdata/tmp/ibXy"])("D7 %s takes temporary space", (file) => {
    const [line = ""] = viewWith([[60, merge(file)]]).evidence.context?.logs?.[0]?.lines ?? [];
    expect(noTemporarySpace.says.test(line.replace(/^.*\[InnoDB\] /, ""))).toBe(true);
  });

  it("D7 a name is told as it is, whatever signs it has", () => {
    const view = viewWith(times(3, (at) => [60 * at, server("ERROR", "The table 'a$$b' is full!")]));
    const { findings } = diagnose(view.evidence, defaultSettings);
    expect(findings.map(({ summary }) => summary).join()).toContain("Table a$$b is full");
  });

  it.each([
    ["worse", "P2", ["error log"]],
    ["as bad", "P1", []],
  ] as const)(
    "D7 what the log says is told beside a finding of the same cause where it is %s",
    (_, severity, own) => {
      const view = viewWith([[60, full]]);
      const told = { id: "storage-low", severity };
      expect(mysqlTold(mysqlSaid(view), [told]).map(({ subject }) => subject)).toEqual(own);
      expect(mysqlBeside(mysqlSaid(view), told)).toHaveLength(1);
    },
  );

  it("D7 events with a name are told by it, of whatever signs", () => {
    const view = viewWith(times(9, (at) => [60 * at, event("ERROR", "Unknown table 't'")]));
    const { findings } = diagnose(view.evidence, defaultSettings);
    const [storming] = findings.filter(({ id }) => id === "error-storm");
    expect(storming?.summary).toContain("Events of the scheduler fail, shop.nightly-job most often: 9 lines");
  });

  it.each<[string, number, { failedStep?: "sign-in" | "no-free-slot"; quiet?: boolean }, string | null]>([
    ["a server that works as ever", 840, {}, null],
    ["a minute ago", 60, {}, "P1"],
    ["a server that answers a sign-in", 840, { failedStep: "sign-in" }, null],
    ["a server that has no slot free", 840, { failedStep: "no-free-slot" }, null],
    ["a server that nothing is known of", 840, { quiet: true }, "P1"],
  ])("D7 a full thread pool: %s", (_, ago, at, severity) => {
    const { failedStep = null, quiet = failedStep !== null } = at;
    const works = quiet ? [] : ["CPUUtilization", "NetworkReceiveThroughput", "NetworkTransmitThroughput"];
    const connection = aConnection({
      status: failedStep === null ? "not-tried" : "not-connected",
      failedStep,
    });
    const told = mysqlToldNow(
      viewWith([[ago, "[Warning] Threadpool has been blocked for 30 seconds"]], {
        engine: "mariadb",
        overrides: { connection },
        values: Object.fromEntries(works.map((id) => [id, held(40, 15)])),
        readings: Object.fromEntries(works.map((id) => [id, { baselineDay: 40, baselineWeek: 40 }])),
      }),
    );
    expect(told.map((one) => one.severity)).toEqual(severity === null ? [] : [severity]);
  });

  it("D7 rows that are counted by the million are told without a number", () => {
    const rollback =
      "[Note] [MY-013023] [InnoDB] 2 transaction(s) which must be rolled back or cleaned up in total 1200M row operations to undo";
    const { findings } = diagnose(viewWith([[60, rollback]]).evidence, defaultSettings);
    expect(findings.map(({ summary }) => summary).join()).toMatch(
      /What a restart broke off is rolled back, and keeps its rows meanwhile/,
    );
  });
});
