import { describe, expect, it } from "vitest";
import { evidenceSchema } from "../../../functions/core/contract/evidence.ts";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { judgedBy, settingsOf } from "../../../functions/core/diagnosis/judged-by.ts";
import { defaultSettings, settingsSchema } from "../../../functions/core/settings.ts";
import { someEvidence } from "../../support/evidence-builder.ts";
import { aForest, anIdleTransaction, waiters } from "../../support/forest-builder.ts";

const settings = settingsSchema.parse({
  thresholds: { slowQuerySeconds: 3600 },
  policy: { protectedUsers: ["shop"], approvers: ["U0DANA01"] },
  slack: { channel: "#secret-war-room" },
});
const forest = aForest([{ who: anIdleTransaction(7, 300) }, ...waiters(3, "session:7")]);
const evidence = { ...someEvidence({ forests: [forest] }), judgedBy: judgedBy(settings) };

describe("saved evidence", () => {
  it("D1 is judged again as it was, whatever is set by then", () => {
    const saved = evidenceSchema.parse(JSON.parse(JSON.stringify(evidence)));
    const first = diagnose(evidence, settings);
    expect(diagnose(saved, settingsOf(saved, defaultSettings))).toEqual(first);
    expect(diagnose(saved, defaultSettings)).not.toEqual(first);
  });

  it("D1 carries nothing of whom to tell or to ask", () => {
    expect(JSON.stringify(evidence)).not.toMatch(/U0DANA01|war-room/);
  });

  it("D1 is judged by what is set now when it names nothing", () => {
    expect(settingsOf(someEvidence(), settings)).toBe(settings);
  });
});
