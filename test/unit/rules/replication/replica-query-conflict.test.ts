import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { ProbeResult } from "../../../../functions/core/contract/evidence.ts";
import type { Finding } from "../../../../functions/core/contract/finding.ts";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { loadRecording } from "../../../scenarios/folders.ts";

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
