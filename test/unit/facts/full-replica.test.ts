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

it.each([
  ["Replication has stopped.", 2],
  ["RDS gives no reason", 2],
  ["Error writing file '/rdsdbdata/tmp/x' (errno: 28 \"No space left on device\")", 2],
  ["The table 'orders' is full", 2],
  ["Error 'Duplicate entry' on query, the event's master log bin.000028, end_log_pos 28", 0],
  ["Could not execute Update_rows event on table shop.disk", 0],
])("D3 tells by its error whether a full volume may have stopped it: %s", (error, effects) => {
  const view = viewOf("outside-mariadb-replica-stopped-no-lag-metric");
  const told = JSON.stringify(view.evidence.context).replaceAll(
    /"message":"[^"]*rror[^"]*"/g,
    () => `"message":${JSON.stringify(error)}`,
  );
  expect(appliesNothing({ ...view, evidence: { ...view.evidence, context: JSON.parse(told) } })).toHaveLength(
    effects,
  );
});
