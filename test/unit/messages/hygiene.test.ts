import { describe, expect, it } from "vitest";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { summaryOf } from "../../../functions/core/diagnosis/summary.ts";
import { alertThreadMessage } from "../../../functions/core/messages/alert-thread-message.ts";
import { diagnosisMessage } from "../../../functions/core/messages/diagnosis-message.ts";
import { renderText } from "../../../functions/core/messages/text.ts";
import { htmlReport } from "../../../functions/core/report/html-report.ts";
import { markdownReport } from "../../../functions/core/report/markdown-report.ts";
import { reportOf } from "../../../functions/core/report/report.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { aSession } from "../../support/forest-builder.ts";
import { anIncident } from "../../support/incident-builder.ts";
import { lookedDeeper } from "../../support/statement-builder.ts";

/** A statement that runs for long and hurts nobody, beside backups that are off: both P3. */
const running = aSession(7, { application: "reports", query: "SELECT sum(n) FROM t", statementSeconds: 400 });
const digests = {
  entries: 5000,
  maxEntries: 5000,
  percent: 100,
  evictions: 9,
  evictionsPerSecond: 0,
  extensionVersion: "1.11",
  statsSeconds: 60,
  track: "top",
};
const { evidence } = lookedDeeper({ "postgres-top-statements-capacity": [digests] }, { sessions: [running] });
const diagnosis = diagnose(evidence, defaultSettings);

describe("hygiene", () => {
  it("D9 comes after what happens now, and says that it has long been so", () => {
    expect(diagnosis.findings.map(({ id, nature }) => [id, nature])).toEqual([
      ["long-running-query", "acute"],
      ["statement-stats-saturated", "chronic"],
    ]);
    expect(diagnosis.headline).toContain("1 statement running");
  });

  it("D9 is a block of its own on the command line and in the report", () => {
    const text = renderText(diagnosisMessage(diagnosis, evidence, 10));
    expect(text).toMatch(/1\. .*1 statement running[\s\S]*Hygiene, which has long[\s\S]*2\. .*hygiene/);
    const report = reportOf(diagnosis, evidence, defaultSettings);
    for (const page of [markdownReport(report), htmlReport(report)]) {
      expect(page).toMatch(
        /Worth knowing[\s\S]*1 statement running[\s\S]*Hygiene, when there is time[\s\S]*is full/,
      );
    }
  });

  it("D9 is no cause of an incident, and a block of its own in its thread", () => {
    const summary = summaryOf(diagnosis, evidence, "e1");
    expect(summary.rootCauses.map(({ id }) => id)).toEqual(["long-running-query"]);
    const thread = renderText(alertThreadMessage(anIncident(), summary));
    expect(thread).toMatch(/Hygiene: has long been so[^:]*:\n {2}- pg_stat_statements is full/);
  });
});
