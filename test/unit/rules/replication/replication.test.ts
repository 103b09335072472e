import { describe, expect, it } from "vitest";
import { actsOn } from "../../../../functions/core/actions/action-key.ts";
import { unsureRefusal } from "../../../../functions/core/policy/sure.ts";
import type { MysqlReplicationRow } from "../../../../functions/core/probes/mysql/replication/replication-rows.ts";
import type { ReplicationReceiverRow } from "../../../../functions/core/probes/postgres/replication-receiver-rows.ts";
import { databaseReadOnly } from "../../../../functions/core/rules/availability/database-read-only.ts";
import { readerDown } from "../../../../functions/core/rules/replication/reader-down.ts";
import { replicaQueryConflict } from "../../../../functions/core/rules/replication/replica-query-conflict.ts";
import { replicationLag } from "../../../../functions/core/rules/replication/replication-lag.ts";
import { replicationStopped } from "../../../../functions/core/rules/replication/replication-stopped.ts";
import { aMetric, anAlarm, aTarget } from "../../../support/evidence-builder.ts";
import { aRunning } from "../../../support/forest-builder.ts";
import { held, type MetricScene, metricView } from "../../../support/metric-scene.ts";

function standby(overrides: Partial<ReplicationReceiverRow> = {}) {
  return {
    status: "streaming",
    receiving: true,
    primaryHost: "10.0.0.1",
    slot: null,
    replayLagBytes: 0,
    receiveLagBytes: 0,
    lagSeconds: 0,
    lastReplayedTransactionSeconds: 4000,
    replayedBytes: null,
    lastMessageSeconds: 1,
    replayPaused: false,
    hotStandbyFeedback: false,
    conflictsSinceReset: { lock: 0, snapshot: 0, bufferPin: 0, deadlock: 0, tablespace: 0 },
    ...overrides,
  };
}

function channel(overrides: Partial<MysqlReplicationRow> = {}) {
  return {
    channel: null,
    source: "10.0.0.1:3306",
    receiver: "running",
    applier: "running",
    receiverState: null,
    applierState: null,
    lagSeconds: 0,
    lagUnknownBecause: null,
    intendedDelaySeconds: 0,
    lagBeyondDelaySeconds: 0,
    errors: [],
    unappliedTransactions: 0,
    gtidFetched: null,
    gtidApplied: null,
    relayLogBytes: null,
    fetchedTo: null,
    appliedTo: null,
    ...overrides,
  };
}

const onStandby = (row: Partial<ReplicationReceiverRow>, scene: MetricScene = {}) =>
  metricView({ ...scene, probes: { "postgres-replication-receiver": [standby(row)], ...scene.probes } });
const onReplica = (row: Partial<MysqlReplicationRow>) =>
  metricView({ engine: "mysql", probes: { "mysql-replication": [channel(row)] } });

describe("replication-lag", () => {
  it("T speaks at 60 s and not before; an idle primary is no lag", () => {
    expect(replicationLag.evaluate(onStandby({ lagSeconds: 59.9, replayLagBytes: 900 }))).toEqual([]);
    expect(replicationLag.evaluate(onStandby({ lagSeconds: 60, replayLagBytes: 900 }))).toHaveLength(1);
    expect(replicationLag.evaluate(onStandby({ lastReplayedTransactionSeconds: 9000 }))).toEqual([]);
  });

  it("D4 leaves the delay out that is wanted", () => {
    const delayed = { lagSeconds: 3700, intendedDelaySeconds: 3600, lagBeyondDelaySeconds: 30 };
    expect(replicationLag.evaluate(onReplica(delayed))).toEqual([]);
    expect(replicationLag.evaluate(onReplica({ ...delayed, lagBeyondDelaySeconds: 100 }))).toHaveLength(1);
  });

  it("D7 judges by the metric alone with doubt where an idle PostgreSQL primary may be all there is", () => {
    const at = (values: number[], readings: MetricScene["readings"] = {}) =>
      replicationLag.evaluate(metricView({ values: { ReplicaLag: values }, readings }))[0];
    expect(at([60, 120, 180, 240])).toMatchObject({ severity: "P3" });
    expect(at([300, 360, 420, 480])).toMatchObject({ severity: "P2" });
    expect(at([10, 100, 12, 10])).toBeUndefined();
  });

  it("D7 takes what was as far behind a day ago for delayed on purpose, and never while its alarm is on", () => {
    const late = (overrides: MetricScene["overrides"] = {}) =>
      replicationLag.evaluate(
        metricView({
          values: { ReplicaLag: held(4200) },
          readings: { ReplicaLag: { baselineDay: 3900 } },
          overrides: { ...overrides, metrics: [aMetric("ReplicaLag", held(4200))] },
        }),
      )[0];
    expect(late()).toMatchObject({ severity: "P3", summary: expect.stringContaining("delayed on purpose") });
    expect(late({ signal: anAlarm("ReplicaLag") })).toMatchObject({ severity: "P2" });
  });

  it("M1 reads Aurora's milliseconds as such", () => {
    const at = (milliseconds: number) =>
      replicationLag.evaluate(metricView({ values: { AuroraReplicaLag: held(milliseconds) } }));
    expect(at(9000)).toEqual([]);
    expect(at(11_000)).toHaveLength(1);
  });
});

describe("replication-stopped", () => {
  it("D4 tells paused, stopped by somebody, broken and cut off apart", () => {
    const paused = replicationStopped.evaluate(onStandby({ replayPaused: true, replayLagBytes: 5000 }))[0];
    expect(paused).toMatchObject({ severity: "P2" });
    expect(paused?.actions[0]?.preview).toBe("SELECT pg_wal_replay_resume()");
    const stopped = replicationStopped.evaluate(onReplica({ applier: "stopped" }))[0];
    expect(stopped?.severity).toBe("P2");
    expect(stopped?.summary).toContain("not by an error");
    const errors = [{ thread: "worker" as const, number: 1062, message: "Duplicate entry '?'", at: null }];
    const broken = replicationStopped.evaluate(onReplica({ applier: "stopped", errors }))[0];
    expect(broken).toMatchObject({
      severity: "P1",
      actions: [{ id: "find-diverged-row", automatic: false }],
    });
    expect(broken?.summary).toContain("error 1062");
    expect(replicationStopped.evaluate(onReplica({ receiver: "connecting" }))[0]?.summary).toContain(
      "cannot reach its source",
    );
    expect(replicationStopped.evaluate(onStandby({ status: null }))).toHaveLength(1);
    expect(replicationStopped.evaluate(onStandby({}))).toEqual([]);
    expect(replicationStopped.evaluate(onReplica({}))).toEqual([]);
  });

  it("P13 is not stopped while it replays from the archive; it is when the position stands still", () => {
    const archive = (replayedBytes: number) =>
      onStandby({ status: null, receiving: false, lagSeconds: 90, replayedBytes });
    expect(replicationStopped.evaluate(archive(16_777_216))).toEqual([]);
    expect(JSON.stringify(replicationLag.evaluate(archive(16_777_216)))).toContain(
      "it replays from the archive, 16 MiB between two looks",
    );
    expect(replicationStopped.evaluate(archive(0))[0]?.summary).toContain(
      "nothing comes from the archive either",
    );
  });

  interface Replica {
    readonly engine: "mysql" | "mariadb";
    readonly flavour: "rds" | "self-managed";
    readonly known: boolean;
  }
  const gtid = "b7d3a241-e5af-11f1-8e16-02fc00000001:17";
  const broken = (thread: "applier" | "receiver" | "worker", number: number, message: string) => ({
    thread,
    number,
    message,
    at: null,
  });
  const remediesOf = (
    row: Partial<MysqlReplicationRow>,
    { engine = "mysql", flavour = "rds", known = true }: Partial<Replica> = {},
  ) => {
    const target = aTarget({ engine, flavour, name: "orders-ro-1", role: "reader" });
    const probes = { [`${engine}-replication`]: [channel(row)] };
    const others = known ? [{ id: "orders-db", role: "writer" } as const] : [];
    const view = metricView({
      engine,
      probes,
      self: { id: "orders-ro-1", role: "reader" },
      others,
      overrides: { target },
    });
    return replicationStopped.evaluate(view)[0]?.actions.map(({ id, preview }) => ({ id, preview })) ?? [];
  };

  it("A22 speaks of the table where it is the schema that differs, and of a row where it is a row", () => {
    const saysOf = (number: number) => {
      const row = { applier: "stopped" as const, errors: [broken("applier", number, "it differs")] };
      const view = metricView({
        engine: "mariadb",
        probes: { "mariadb-replication": [channel(row)] },
        self: { id: "orders-ro-1", role: "reader" },
        overrides: { target: aTarget({ engine: "mariadb", flavour: "rds", name: "orders-ro-1" }) },
      });
      return replicationStopped.evaluate(view)[0]?.actions.map(({ consequence }) => consequence) ?? [];
    };
    for (const number of [1060, 1061, 1091, 1146]) {
      const [find, skip] = saysOf(number);
      expect(find).toContain("SHOW CREATE TABLE");
      expect(`${find} ${skip}`).not.toMatch(/\brow\b/);
    }
    expect(saysOf(1062)[0]).toContain("Compare that row");
  });

  it("A22 says of rows that differ how to find them, how to make the replica anew, and to skip only last", () => {
    const errors = [
      broken("applier", 1062, "Coordinator stopped because there were error(s) in the worker(s)."),
      broken("worker", 1062, `Worker 1 failed executing transaction '${gtid}' at source log binlog.000001`),
    ];
    expect(remediesOf({ applier: "stopped", errors })).toEqual([
      {
        id: "find-diverged-row",
        preview:
          "SELECT CHANNEL_NAME, LAST_ERROR_NUMBER, LAST_ERROR_MESSAGE FROM performance_schema.replication_applier_status_by_worker WHERE LAST_ERROR_NUMBER <> 0",
      },
      {
        id: "rebuild-replica",
        preview:
          "aws rds create-db-instance-read-replica --db-instance-identifier orders-ro-1-anew --source-db-instance-identifier orders-db",
      },
      { id: "skip-replication-error", preview: `CALL mysql.rds_skip_transaction_with_gtid('${gtid}')` },
    ]);
    const byPosition = [
      broken("worker", 1032, "Worker 1 failed executing transaction 'ANONYMOUS' at source log"),
    ];
    expect(remediesOf({ applier: "stopped", errors: byPosition }).at(-1)?.preview).toBe(
      "CALL mysql.rds_skip_repl_error",
    );
    const unnamed = [broken("applier", 1032, "Can't find record in 'orders'")];
    expect(remediesOf({ applier: "stopped", errors: unnamed }, { known: false }).map(({ id }) => id)).toEqual(
      ["find-diverged-row"],
    );
    const [find, ...others] = remediesOf({ applier: "stopped", errors: unnamed }, { engine: "mariadb" });
    expect(find?.preview).toBe("CALL mysql.rds_replica_status");
    expect(others.map(({ id }) => id)).toEqual(["rebuild-replica", "skip-replication-error"]);
  });

  it("A22 makes a replica anew whose source has purged what it needs, and starts one that gave up on a lock", () => {
    const purged = broken("receiver", 13114, "Got fatal error 1236 from source: purged required binary logs");
    const packet = broken("receiver", 1236, "log event entry exceeded max_allowed_packet");
    const ids = (row: Partial<MysqlReplicationRow>) => remediesOf(row).map(({ id }) => id);
    expect(ids({ receiver: "stopped", errors: [purged] })).toEqual(["rebuild-replica"]);
    expect(ids({ receiver: "stopped", errors: [packet] })).toEqual([]);
    const errors = [broken("applier", 1205, "Lock wait timeout exceeded")];
    expect(remediesOf({ applier: "stopped", errors })).toEqual([
      { id: "resume-replication", preview: "CALL mysql.rds_start_replication" },
    ]);
  });

  it("D4 starts the one channel that stands, in each engine's words", () => {
    const preview = (scene: Partial<Replica>) =>
      remediesOf({ channel: "eu", applier: "stopped", receiver: "stopped" }, scene)[0]?.preview;
    expect(preview({})).toBe("CALL mysql.rds_start_replication_for_channel('eu')");
    expect(preview({ flavour: "self-managed" })).toBe("START REPLICA FOR CHANNEL 'eu'");
    expect(preview({ flavour: "self-managed", engine: "mariadb" })).toBe("START SLAVE 'eu'");
  });

  it("D4 takes a lag of -1 for not replicating, never for none", () => {
    const metrics = [aMetric("ReplicaLag", [2, 3, -1], "orders-db-ro")];
    const view = metricView({ engine: "mysql", overrides: { metrics } });
    expect(replicationStopped.evaluate(view)[0]?.summary).toContain("unknown, not zero");
    expect(replicationLag.evaluate(view)).toEqual([]);
  });
});

describe("replica-query-conflict", () => {
  const waiting = {
    waitEventType: "IPC",
    waitEvent: "RecoveryConflictSnapshot",
    samples: 10,
    windowSeconds: 1,
    observations: 10,
    averageSessions: 1,
    percent: 50,
    distinctSessions: 1,
    query: null,
  };
  const probes = { "postgres-wait-profile": [waiting] };

  it("D3 names the query that replay waits for, and explains the lag", () => {
    const view = onStandby({ lagSeconds: 90, replayLagBytes: 900 }, { probes, sessions: [aRunning(5, 400)] });
    const [finding] = replicaQueryConflict.evaluate(view);
    expect(finding).toMatchObject({ severity: "P2" });
    expect(finding?.explains).toContainEqual(expect.objectContaining({ cause: "replication-lag" }));
    expect(finding?.actions[0]).toMatchObject({ id: "cancel-query", automatic: true });
  });

  it("A40 ends nobody when two transactions are about as old", () => {
    const sessions = [aRunning(5, 400), aRunning(6, 300)];
    const view = onStandby({ lagSeconds: 90, replayLagBytes: 900 }, { probes, sessions });
    const automatic = replicaQueryConflict.evaluate(view)[0]?.actions.filter((action) => action.automatic);
    // What is left is asked about: a parameter, on AWS.
    expect(automatic?.map((action) => [actsOn(action.id), unsureRefusal(action)?.guard])).toEqual([
      ["aws", "never-alone"],
    ]);
  });

  describe("D11 whose snapshot is the oldest is proved to be in the way", () => {
    const holder = (id: number, xminAge: number, database = "shop") => ({
      holder: "session",
      name: String(id),
      sessionKey: aRunning(id, 1).sessionKey,
      xminAge,
      catalogOnly: false,
      seconds: 300,
      state: "active",
      user: "shop",
      application: null,
      client: null,
      database,
      query: null,
    });
    const told = (holders: ReturnType<typeof holder>[], event = "RecoveryConflictSnapshot") => {
      const rows = {
        "postgres-wait-profile": [{ ...waiting, waitEvent: event }],
        "postgres-oldest-xmin": holders,
      };
      const sessions = [aRunning(5, 400), aRunning(6, 390)];
      const view = onStandby({ lagSeconds: 90, replayLagBytes: 900 }, { probes: rows, sessions });
      const [finding] = replicaQueryConflict.evaluate(view);
      const ended = finding?.actions.filter(({ id }) => id === "cancel-query" || id === "terminate-session");
      return { pid: /pid (\d)/.exec(finding?.summary ?? "")?.[1], ended: ended?.length };
    };

    it("though another transaction is about as old", () => {
      expect(told([holder(5, 20), holder(6, 3)])).toEqual({ pid: "5", ended: 1 });
      expect(told([holder(6, 20), holder(5, 3)])).toEqual({ pid: "6", ended: 1 });
    });

    it("and an older transaction without a snapshot is not", () => {
      expect(told([holder(6, 20)])).toEqual({ pid: "6", ended: 1 });
    });

    it("but for two that see as far back, for another database's, and where a lock is waited for", () => {
      expect(told([holder(5, 20), holder(6, 20)]).ended).toBe(0);
      expect(told([holder(5, 20), holder(6, 3, "billing")]).ended).toBe(0);
      expect(told([holder(6, 20), holder(5, 3)], "RecoveryConflictTablespace")).toEqual({
        pid: "5",
        ended: 0,
      });
    });
  });

  it("D4 is quiet where replay goes on", () => {
    expect(replicaQueryConflict.evaluate(onStandby({ lagSeconds: 90, replayLagBytes: 900 }))).toEqual([]);
  });
});

describe("reader-down and database-read-only", () => {
  it("D4 tells a failed reader from one that somebody stopped, and from one that is being changed", () => {
    const at = (status: string) =>
      readerDown.evaluate(metricView({ others: [{ id: "orders-db-ro", role: "replica", status }] }))[0]
        ?.severity;
    expect(at("failed")).toBe("P2");
    expect(at("stopped")).toBe("P3");
    expect(at("storage-optimization")).toBeUndefined();
    expect(at("available")).toBeUndefined();
    expect(at("upgrade_failed")).toBe("P2");
  });

  it("D4 takes the row that Aurora keeps of a deleted reader for no reader that is down", () => {
    const row = { writer: false, current: false, lastUpdateSeconds: 86_400, lagMs: null, cpuPercent: null };
    const silent = (others: MetricScene["others"], context?: MetricScene["context"]) =>
      readerDown.evaluate(
        metricView({
          engine: "mysql",
          ...(others === undefined ? {} : { others }),
          probes: { "mysql-replication-aurora": [{ ...row, server: "shop-2" }] },
          ...(context === undefined ? {} : { context }),
        }),
      );
    expect(silent([{ id: "shop-3", role: "reader" }])).toEqual([]);
    expect(silent([{ id: "shop-2", role: "reader" }])).toHaveLength(1);
    expect(silent([], { topology: null })).toHaveLength(1);
  });

  it("D4 takes a reader for read only by nature and a writer for broken", () => {
    const server = { writable: false, readOnlyBecause: "read_only is on: a replica, or somebody set it" };
    const at = (role: "writer" | "reader" | "unknown") =>
      databaseReadOnly.evaluate(
        metricView({ server, overrides: { target: aTarget({ role }), context: null } }),
      )[0]?.severity;
    expect(at("writer")).toBe("P1");
    expect(at("reader")).toBeUndefined();
    expect(at("unknown")).toBe("P1");
    expect(databaseReadOnly.evaluate(metricView({}))).toEqual([]);
  });
});
