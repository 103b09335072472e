import { type Curves, turns, usual } from "./curves.ts";
import { loadOf } from "./described.ts";
import { noSlotLeft } from "./first-answers.ts";
import { mysqlErrorLine, mysqlErrorLog } from "./mysql-log.ts";
import { type Flavour, ordinary, shut, type Unlike } from "./ordinary.ts";
import { errorLog, logged } from "./postgres-log.ts";

const mib = 1024 ** 2;
const gib = 1024 ** 3;

/** What has come of it since so many minutes ago. */
export type Effect = (flavour: Flavour, minutes: number) => Unlike;

/** These metrics have another value since then. */
export function numbers(values: Readonly<Record<string, number>>, more: Unlike = {}): Effect {
  return (flavour, minutes) => {
    const { metrics } = ordinary(flavour);
    const curves = Object.entries(values).map(
      ([name, value]) => [name, turns(metrics[name] ?? usual(0), minutes, value)] as const,
    );
    return { metrics: Object.fromEntries(curves) satisfies Curves, ...more };
  };
}

export const both =
  (...effects: readonly Effect[]): Effect =>
  (flavour, minutes) => {
    const all = effects.map((effect) => effect(flavour, minutes));
    const metrics = Object.assign({}, ...all.map((one) => one.metrics ?? {}));
    return { ...Object.assign({}, ...all), metrics };
  };

/** Lines that the server logs some times a minute since then, to sessions of one client's. */
export function logs(...says: readonly string[]): Effect {
  return (flavour, minutes) => {
    const count = Math.floor(minutes * (flavour.endsWith("mysql") ? 3 : 40));
    const times = Array.from({ length: count }, (_, at) => 0.6 + ((minutes - 0.6) * (count - at)) / count);
    if (flavour.endsWith("mysql")) {
      const calm = mysqlErrorLine(
        minutes + 9,
        0,
        "[Note] [MY-010914] [Server] Got an error reading communication packets",
      );
      const lines = times.flatMap((ago, at) =>
        says.map((line) => mysqlErrorLine(ago, 900 + (at % 12), line)),
      );
      return { logs: [mysqlErrorLog([calm, ...lines], 0.4)] };
    }
    const lines = times.flatMap((ago, at) =>
      says.map((line) =>
        logged(
          ago,
          { host: `10.4.18.23(${51_000 + (at % 12)})`, user: "web", database: "shop", pid: 9300 + (at % 12) },
          line,
        ),
      ),
    );
    return {
      logs: [errorLog([logged(minutes + 9, { pid: 412 }, "LOG:  checkpoint starting: time"), ...lines], 0.4)],
    };
  };
}

const waits = (name: string, load: number): Pick<Unlike, "load"> => ({
  load: loadOf(
    { [name]: load, CPU: 1.1 },
    [{ sql: "SELECT * FROM orders WHERE id = ?", waits: { [name]: load, CPU: 0.8 } }],
    { web: load + 1 },
  ),
});

export const cpu = numbers(
  { CPUUtilization: 98, DBLoad: 21, DBLoadCPU: 20, DBLoadNonCPU: 1 },
  waits("CPU", 19),
);
export const reads = numbers(
  { ReadLatency: 0.032, ReadIOPS: 2900, DiskQueueDepth: 80, DBLoad: 19, DBLoadNonCPU: 17 },
  waits("IO:DataFileRead", 16),
);
export const mysqlReads = numbers(
  { ReadLatency: 0.032, ReadIOPS: 2900, DiskQueueDepth: 80, DBLoad: 19, DBLoadNonCPU: 17 },
  waits("io/file/innodb/innodb_data_file", 16),
);
export const writes = numbers(
  { WriteLatency: 0.034, DiskQueueDepth: 60, DBLoad: 17, DBLoadNonCPU: 15 },
  waits("IO:WALSync", 14),
);
export const mysqlWrites = numbers(
  { WriteLatency: 0.034, DiskQueueDepth: 60, DBLoad: 17, DBLoadNonCPU: 15 },
  waits("io/file/sql/binlog", 14),
);
export const memory = numbers({ FreeableMemory: 70 * mib, SwapUsage: 2.4 * gib });
export const space = numbers({ FreeStorageSpace: 19 * gib });
export const temporary = numbers(
  {
    ReadIOPS: 1500,
    WriteIOPS: 2300,
    ReadThroughput: 60e6,
    WriteThroughput: 90e6,
    DBLoad: 12,
    DBLoadNonCPU: 10,
  },
  waits("IO:BufFileWrite", 9),
);
export const locks = numbers({ DBLoad: 24, DBLoadNonCPU: 23 }, waits("Lock:transactionid", 22));
export const mysqlRowWaits = numbers(
  { DBLoad: 24, DBLoadNonCPU: 23 },
  waits("synch/cond/innodb/row_lock_wait_cond", 22),
);
export const many = numbers({ DatabaseConnections: 1650 });
/** Clients get in no more, and the work falls with them. */
export const missing = numbers({
  DatabaseConnections: 9,
  CPUUtilization: 4,
  ReadIOPS: 12,
  WriteIOPS: 20,
  NetworkReceiveThroughput: 9000,
  NetworkTransmitThroughput: 14_000,
  DBLoad: 0.1,
  DBLoadCPU: 0.1,
});
export const dropped = (_: Flavour, __: number): Unlike => ({ inPart: shut() });
export const refusedPort = (_: Flavour, __: number): Unlike => ({
  inPart: shut({
    failedStep: "tcp",
    detail: "connect ECONNREFUSED 10.0.3.7:5432",
    pointsTo: "nobody listens there",
    tookMs: 3,
  }),
});
export const fullFor = (limit: number): Effect =>
  both(numbers({ DatabaseConnections: limit }), (flavour) => ({
    inPart: flavour.endsWith("mysql")
      ? shut({
          failedStep: "no-free-slot",
          detail: "Too many connections",
          refusedWith: "1040",
          pointsTo: "every slot is in use",
          tookMs: 8,
        })
      : noSlotLeft("sorry, too many clients already"),
  }));
export const lag = (name: "ReplicaLag" | "AuroraReplicaLag", seconds: number) => numbers({ [name]: seconds });
export const blocked: Effect = () => ({
  inPart: shut({
    failedStep: "handshake",
    detail:
      "Host '10.4.9.71' is blocked because of many connection errors; unblock with 'mysqladmin flush-hosts'",
    refusedWith: "1129",
    pointsTo: "the server has blocked this host after many failed connections (max_connect_errors)",
    tookMs: 9,
  }),
});
