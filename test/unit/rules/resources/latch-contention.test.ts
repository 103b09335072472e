import { describe, expect, it } from "vitest";
import { latchesIn, mergeLatches } from "../../../../functions/core/probes/mysql/engine-state/latches.ts";
import type { MysqlEngineStateRow } from "../../../../functions/core/probes/mysql/engine-state/rows.ts";
import type { MysqlWaitProfileRow } from "../../../../functions/core/probes/mysql/wait-profile-rows.ts";
import { latchContention as rule } from "../../../../functions/core/rules/resources/latch-contention.ts";
import { aProbe, aTarget, aView, someEvidence } from "../../../support/evidence-builder.ts";
import { held, metricView } from "../../../support/metric-scene.ts";

/** As MySQL 5.7 to 9 write them. https://dev.mysql.com/doc/refman/8.4/en/innodb-standard-monitor.html */
const semaphores = `OS WAIT ARRAY INFO: reservation count 29
--Thread 140123 has waited at btr0sea.ic line 128 for 0 seconds the semaphore:
S-lock on RW-latch at 0x7f12 created in file btr0sea.cc line 195
a writer (thread id 140124) has reserved it in mode  exclusive
--Thread 140125 has waited at row0ins.cc line 2455 for 2.0000 seconds the semaphore:
SX-lock on RW-latch at 0x7f13 created in file dict0dict.cc line 2737
--Thread 140126 has waited at btr0sea.ic line 90 for 3 seconds the semaphore:
X-lock on RW-latch at 0x7f12 created in file btr0sea.cc line 195
--Thread 140127 has waited at trx0trx.cc line 1200 for 0 seconds the semaphore:
Mutex at 0x7f14, Mutex TRX_SYS created trx0sys.cc:700, lock var 1
OS WAIT ARRAY INFO: signal count 28`;

interface Given {
  readonly state?: Partial<MysqlEngineStateRow>;
  readonly waits?: MysqlWaitProfileRow["waits"];
  readonly threadsRunning?: number;
}

function findingsOf({ state, waits = [], threadsRunning = 40 }: Given) {
  const engineState: MysqlEngineStateRow = {
    intervalSeconds: 1,
    redo: null,
    ioCapacity: 200,
    adaptiveHashIndex: true,
    latches: [],
    autoIncrementWaits: [],
    ...state,
  };
  const profile: MysqlWaitProfileRow = {
    samples: 10,
    windowSeconds: 1,
    toldBy: "wait-events",
    notSeen: null,
    howToSee: null,
    threadsRunning,
    waits,
  };
  const { probes } = someEvidence({ engine: "mysql" });
  const more = [aProbe("mysql-engine-state", [engineState]), aProbe("mysql-wait-profile", [profile])];
  const target = aTarget({ engine: "mysql", flavour: "self-managed", instanceClass: "db.r7g.2xlarge" });
  return rule.evaluate(aView({ engine: "mysql", overrides: { target, probes: [...probes, ...more] } }));
}

const wait = (kind: "cpu" | "latch" | "work", name: string, averageSessions: number, percent: number) => ({
  kind,
  name,
  observations: averageSessions * 10,
  averageSessions,
  percent,
  meanSeconds: 0.01,
});
const hash = "wait/synch/rwlock/innodb/btr_search_latch";

describe("latch-contention", () => {
  it("P28 reads who waits for a latch of which file from the monitor", () => {
    expect(mergeLatches(latchesIn(semaphores))).toEqual([
      { madeIn: "btr0sea", waiters: 2, longestSeconds: 3 },
      { madeIn: "dict0dict", waiters: 1, longestSeconds: 2 },
      { madeIn: "trx0sys", waiters: 1, longestSeconds: 0 },
    ]);
  });

  it("D4 names the adaptive hash index where many threads queue for it, and how it is switched off", () => {
    const waits = [wait("latch", hash, 24, 80), wait("cpu", "on CPU", 6, 20)];
    expect(findingsOf({ waits })).toMatchObject([
      {
        subject: "adaptive-hash",
        severity: "P1",
        actions: [{ preview: "SET GLOBAL innodb_adaptive_hash_index = 0;", automatic: false }],
      },
    ]);
    const latches = [{ madeIn: "btr0sea", waiters: 20, longestSeconds: 1 }];
    expect(findingsOf({ state: { latches } })).toMatchObject([{ subject: "adaptive-hash", severity: "P2" }]);
  });

  it("D4 leaves alone a few waits and threads that have a CPU each, and tells of a latch without a name that it is one", () => {
    const waits = [wait("latch", hash, 3.9, 80)];
    expect(findingsOf({ waits })).toEqual([]);
    expect(findingsOf({ waits: [wait("latch", hash, 12, 29)] })).toEqual([]);
    expect(findingsOf({ waits: [wait("latch", hash, 12, 80)], threadsRunning: 15 })).toEqual([]);
    expect(
      findingsOf({ waits: [wait("latch", "wait/synch/mutex/innodb/row_drop_list_mutex", 12, 80)] }),
    ).toMatchObject([{ subject: "other" }]);
  });

  it("D6 a thread's state is a queue where its statements last, and a latch never", () => {
    const opening = (meanSeconds: number) =>
      findingsOf({ waits: [{ ...wait("work", "Opening tables", 17, 80), meanSeconds }] })[0];
    expect(opening(0.008)).toBeUndefined();
    expect(opening(2)).toMatchObject({ severity: "P2", summary: expect.stringContaining("queue for") });
  });

  it("D6 counts INSERTs that wait for a table's counter", () => {
    const waiting = (waiters: number) =>
      findingsOf({ state: { autoIncrementWaits: [{ table: "shop.orders", waiters }] } });
    expect(waiting(3)).toMatchObject([{ subject: "auto-increment:shop.orders", severity: "P2" }]);
    expect(waiting(2)).toMatchObject([{ severity: "P3" }]);
    expect(waiting(10)).toMatchObject([{ severity: "P1" }]);
  });

  it("D7 tells the same from Performance Insights where nobody could look inside", () => {
    expect(fromOutside("wait/synch/sxlock/innodb/btr_search_latch", 40)).toMatchObject([
      { subject: "adaptive-hash", severity: "P1", actions: [{ id: "switch-off-adaptive-hash" }] },
    ]);
    expect(fromOutside("synch/mutex/innodb/trx_sys_mutex", 12)).toMatchObject([{ subject: "read-views" }]);
    expect(fromOutside("wait/synch/mutex/innodb/row_drop_list_mutex", 12)).toMatchObject([
      { subject: "other", severity: "P2", actions: [] },
    ]);
    const [files] = fromOutside("wait/synch/mutex/innodb/fil_system_mutex", 12);
    expect(files).toMatchObject({ subject: "tablespaces", severity: "P2", actions: [] });
    expect(files?.evidence.at(-1)?.says).toContain("innodb_open_files");
  });

  it("D7 leaves from outside what is few, as ever, a wait for a row or for the log", () => {
    expect(fromOutside("wait/synch/sxlock/innodb/btr_search_latch", 3)).toEqual([]);
    expect(fromOutside("wait/synch/sxlock/innodb/btr_search_latch", 40, 50)).toMatchObject([
      { severity: "P3", actions: [] },
    ]);
    expect(fromOutside("synch/mutex/innodb/aurora_lock_thread_slot_futex", 40)).toEqual([]);
    expect(fromOutside("wait/synch/mutex/sql/MYSQL_BIN_LOG::LOCK_log", 40)).toEqual([]);
    expect(fromOutside("wait/synch/cond/sql/MDL_context::COND_wait_status", 40)).toEqual([]);
  });
});

/** On 2 vCPUs; `before` is the load of a day and a week ago. */
function fromOutside(name: string, sessions: number, before: number = 1) {
  const items = [
    { name, id: null, load: sessions, waits: [] },
    { name: "CPU", id: null, load: 1.5, waits: [] },
  ];
  const load = [{ by: "wait-event" as const, items }];
  const readings = { DBLoad: { baselineDay: before, baselineWeek: before } };
  const context = { load };
  return rule.evaluate(
    metricView({ engine: "mysql", values: { DBLoad: held(sessions + 1.5) }, readings, context }),
  );
}
