import { expect, it } from "vitest";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { appliesNothing } from "../../../functions/core/facts/full-replica.ts";
import { settingsSchema } from "../../../functions/core/settings.ts";
import { loadRecording } from "../../scenarios/folders.ts";
import { aView } from "../../support/evidence-builder.ts";

const viewOf = (name: string) => {
  const { evidence } = loadRecording(name);
  return aView({ engine: evidence.target.engine, overrides: evidence });
};

it("D3 a replica without space applies nothing, unless an error stopped it that says nothing of space", () => {
  expect(appliesNothing(viewOf("outside-postgres-replica-full-source-grew")).length).toBe(2);
  const stopped = "outside-mariadb-replica-stopped-no-lag-metric";
  expect(appliesNothing(viewOf(stopped))).toEqual([]);
  const { evidence, thresholds } = loadRecording(stopped);
  const { findings } = diagnose(evidence, settingsSchema.parse({ thresholds }));
  expect(findings.find(({ id }) => id === "replication-stopped")?.explainedBy ?? []).toEqual([]);
});
