import { describe, expect, it } from "vitest";
import type { ProbeResult } from "../../../../functions/core/contract/evidence.ts";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { loadRecording } from "../../../scenarios/folders.ts";

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
