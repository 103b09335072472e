import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { ProbeResult } from "../../../../functions/core/contract/evidence.ts";
import type { Finding } from "../../../../functions/core/contract/finding.ts";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import { postgresDatabaseRatesRows } from "../../../../functions/core/probes/postgres/database-rates-rows.ts";
import {
  postgresReplicationReceiverRows,
  type ReplicationReceiverRow,
} from "../../../../functions/core/probes/postgres/replication-receiver-rows.ts";
import { postgresSettingsRows } from "../../../../functions/core/probes/postgres/settings-rows.ts";
import { replicaQueryConflict } from "../../../../functions/core/rules/replication/replica-query-conflict.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { loadRecording } from "../../../scenarios/folders.ts";
import { metricView } from "../../../support/metric-scene.ts";

const thresholds = { ...defaultSettings.thresholds, replicationLagSeconds: 5 };
const settings = { ...defaultSettings, thresholds };

type Row = Record<string, unknown>;
type Change = (row: Row) => Row | null;

/** The recorded standby, whose oldest snapshot is proved to be the extract's, changed probe by probe. */
function conflictOf(changes: Readonly<Record<string, Change>>): Finding | undefined {
  const { evidence } = loadRecording("postgres-replica-held-by-idle-extract");
  const changed = (probe: ProbeResult): ProbeResult => {
    const change = changes[probe.id];
    if (change === undefined || probe.status !== "ok") return probe;
    const rows = z.array(z.record(z.string(), z.unknown())).parse(probe.rows);
    return { ...probe, rows: z.array(z.json()).parse(rows.flatMap((row) => change(row) ?? [])) };
  };
  const { findings } = diagnose({ ...evidence, probes: evidence.probes.map(changed) }, settings);
  return findings.find(({ id }) => id === "replica-query-conflict");
}

const ids = (finding: Finding | undefined): readonly string[] => (finding?.actions ?? []).map(({ id }) => id);
const receiver = (more: object) => ({
  "postgres-replication-receiver": (row: object) => ({ ...row, ...more }),
});
/** Nobody else has a snapshot or a transaction, and the extract's began two seconds ago. */
const young = {
  "postgres-oldest-xmin": (row: Row) => (row["name"] === "13862" ? { ...row, seconds: 2 } : null),
  "postgres-sessions": (row: Row) => ({
    ...row,
    transactionSeconds: row["transactionSeconds"] === null || row["kind"] !== "client" ? null : 2,
  }),
};
const looks = (averageSessions: number) => ({
  "postgres-wait-profile": (row: Row) => ({ ...row, averageSessions }),
});

describe("who is ended for the replay of a standby", () => {
  it("A1 D11 is nobody whose transaction is far younger than the lag, though its snapshot is the oldest", () => {
    expect(ids(conflictOf(receiver({ lagSeconds: 10 })))).toContain("terminate-session");
    const far = ids(conflictOf(receiver({ lagSeconds: 3600 })));
    expect(far).not.toContain("terminate-session");
    expect(far).not.toContain("cancel-query");
  });

  it("A1 D11 is nobody young either where no other transaction is nearly as old", () => {
    const seen = conflictOf({ ...receiver({ lagSeconds: 3600 }), ...young, ...looks(0.02) });
    expect(seen).toMatchObject({ severity: "P3", confidence: 0.6, actions: [] });
    expect(seen?.summary).toContain("waits for queries on it");
    const often = conflictOf({ ...receiver({ lagSeconds: 3600 }), ...young, ...looks(0.9) });
    expect(often).toMatchObject({ severity: "P2", actions: [{ id: "change-parameters" }] });
  });

  it("A24 is proposed no feedback where it is given already", () => {
    expect(ids(conflictOf(receiver({ lagSeconds: 10 })))).toContain("change-parameters");
    const given = conflictOf(receiver({ lagSeconds: 10, hotStandbyFeedback: true }));
    expect(ids(given)).not.toContain("change-parameters");
  });
});

/** Rows of one kind as the lab's standby gave them. */
function recorded(probe: string) {
  const { evidence } = loadRecording("postgres-replica-held-by-idle-extract");
  return evidence.probes.find(({ id }) => id === probe)?.rows ?? [];
}
const noConflicts = { lock: 0, snapshot: 0, bufferPin: 0, deadlock: 0, tablespace: 0 };
const standby = postgresReplicationReceiverRows.row.parse(recorded("postgres-replication-receiver")[0]);
const rates = postgresDatabaseRatesRows.row.parse(recorded("postgres-database-rates")[0]);
const setting = postgresSettingsRows.row.parse(
  recorded("postgres-settings").find((row) => Object(row).name === "max_standby_streaming_delay"),
);

describe("what was cancelled is told with what it was in the way of, and what helps against that", () => {
  const cancelled = (receiver: Partial<ReplicationReceiverRow>, delaySeconds: number | null = 30) => {
    const scene = {
      "postgres-replication-receiver": [{ ...standby, ...receiver }],
      "postgres-database-rates": [{ ...rates, conflicts: 6 }],
      "postgres-settings": [{ ...setting, seconds: delaySeconds }],
    };
    const [finding] = replicaQueryConflict.evaluate(metricView({ probes: scene }));
    const actions = finding?.actions.map(({ describes }) => /\S+_\S+/.exec(describes)?.[0]);
    return { summary: finding?.summary ?? "", evidence: JSON.stringify(finding?.evidence), actions };
  };

  it("D8 rows: the primary can keep them, and where it does, replay can wait", () => {
    const rows = { conflictsNow: { ...noConflicts, snapshot: 6 } };
    expect(cancelled(rows).summary).toContain("over rows that the primary has removed");
    expect(cancelled(rows).actions).toEqual(["hot_standby_feedback"]);
    expect(cancelled({ ...rows, hotStandbyFeedback: true }).actions).toEqual(["max_standby_streaming_delay"]);
  });

  it("D8 locks: no feedback keeps a table, and replay can wait unless it does so long enough", () => {
    const locks = { conflictsNow: { ...noConflicts, lock: 6 } };
    expect(cancelled(locks).summary).toContain("over locks that replay had to take");
    expect(cancelled(locks).evidence).toContain("conflicts in the second looked at: 6 over locks");
    expect(cancelled(locks).actions).toEqual(["max_standby_streaming_delay"]);
    expect(cancelled(locks, 300).actions).toEqual([]);
    expect(cancelled(locks, null).actions).toEqual([]);
  });

  it("D7 what was not counted just now is told as of before, and of several kinds none is the one", () => {
    const before = { ...noConflicts, lock: 9, snapshot: 1 };
    expect(cancelled({ conflictsSinceReset: before }).evidence).toContain(
      "since statistics were reset: 9 over locks and 1 over removed rows",
    );
    const mixed = { conflictsNow: { ...noConflicts, lock: 3, snapshot: 3 }, conflictsSinceReset: before };
    expect(cancelled(mixed).summary).not.toContain("over");
    expect(cancelled(mixed).actions).toEqual(["hot_standby_feedback"]);
  });
});
