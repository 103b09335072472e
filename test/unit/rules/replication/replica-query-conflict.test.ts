import { describe, expect, it } from "vitest";
import type { ProbeResult } from "../../../../functions/core/contract/evidence.ts";
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

/** The recorded standby, whose oldest snapshot is proved to be the extract's, so many seconds behind. */
function actionsOf(lagSeconds: number): readonly string[] {
  const { evidence } = loadRecording("postgres-replica-held-by-idle-extract");
  const behind = (probe: ProbeResult): ProbeResult =>
    probe.id === "postgres-replication-receiver" && probe.status === "ok"
      ? { ...probe, rows: probe.rows.map((row) => Object.assign({}, row, { lagSeconds })) }
      : probe;
  const { findings } = diagnose({ ...evidence, probes: evidence.probes.map(behind) }, settings);
  return findings.flatMap(({ id, actions }) =>
    id === "replica-query-conflict" ? actions.map((action) => action.id) : [],
  );
}

describe("who is ended for the replay of a standby", () => {
  it("A1 D11 is nobody whose transaction is far younger than the lag, though its snapshot is the oldest", () => {
    expect(actionsOf(10)).toContain("terminate-session");
    expect(actionsOf(3600)).not.toContain("terminate-session");
    expect(actionsOf(3600)).not.toContain("cancel-query");
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
