import { describe, expect, it } from "vitest";
import { createCollectingLog } from "../../functions/adapters/memory/collecting-log.ts";
import { createCountingIds } from "../../functions/adapters/memory/counting-ids.ts";
import { createMemoryChat } from "../../functions/adapters/memory/memory-chat.ts";
import { createVirtualClock } from "../../functions/adapters/memory/virtual-clock.ts";
import { aTarget } from "../support/incident-builder.ts";
import { createResponderLab } from "../support/responder-lab.ts";
import { alarmEvent } from "./support.ts";

const foreign = { "ora-prod": "oracle-ee", books: "sqlserver-se", "graph-1": "neptune", docs: "docdb" };

function theLab() {
  const clock = createVirtualClock();
  const log = createCollectingLog();
  const lab = createResponderLab({
    ...{ definition: {}, targets: [aTarget({ name: "bank", group: "bank" })], foreign, settings: {} },
    ...{ chat: createMemoryChat({ clock }), clock, ids: createCountingIds(), log },
    databases: { connect: () => Promise.reject(new Error("nothing is probed here")) },
  });
  lab.workflow.onStart(async () => undefined);
  return { ...lab, log };
}

function alarmOn(metric: object): unknown {
  const state = { value: "ALARM", reason: "Threshold Crossed", timestamp: "2026-11-21T03:00:00.000+0000" };
  return {
    ...{ version: "0", id: "1", "detail-type": "CloudWatch Alarm State Change", source: "aws.cloudwatch" },
    ...{ account: "123456789012", time: "2026-11-21T03:00:00Z", region: "eu-central-1" },
    resources: ["arn:aws:cloudwatch:eu-central-1:123456789012:alarm:cpu"],
    detail: {
      ...{ alarmName: "cpu", state, previousState: { ...state, value: "OK" } },
      configuration: {
        metrics: [{ id: "m1", metricStat: { metric, period: 60, stat: "Average" }, returnData: true }],
      },
    },
  };
}

/** 0221: storage is exhausted soon, which opens an incident; 0012: a change of the instance is being applied. */
function eventOf(database: string, id: "RDS-EVENT-0221" | "RDS-EVENT-0012"): unknown {
  const arn = `arn:aws:rds:eu-central-1:123456789012:db:${database}`;
  return {
    ...{ version: "0", id: "2", "detail-type": "RDS DB Instance Event", source: "aws.rds", resources: [arn] },
    ...{ account: "123456789012", time: "2026-11-21T03:00:00Z", region: "eu-central-1" },
    detail: {
      ...{ EventCategories: ["low storage"], SourceType: "DB_INSTANCE", SourceArn: arn, EventID: id },
      ...{ Date: "2026-11-21T03:00:00.000Z", Message: "as it happens", SourceIdentifier: database },
    },
  };
}

const cpu = (namespace: string, dimensions: object) => ({ namespace, name: "CPUUtilization", dimensions });

describe("what is not ours to treat", () => {
  it.each([
    ["an alarm of Oracle", alarmEvent("ora-prod")],
    ["an alarm of SQL Server", alarmEvent("books")],
    ["an alarm of Neptune", alarmEvent("graph-1")],
    ["an alarm of DocumentDB", alarmEvent("docs")],
    ["an event that an Oracle database is short of storage", eventOf("ora-prod", "RDS-EVENT-0221")],
    ["an event of a change of SQL Server", eventOf("books", "RDS-EVENT-0012")],
    ["an event of a database that is gone", eventOf("gone", "RDS-EVENT-0012")],
    ["an alarm in Neptune's own namespace", alarmOn(cpu("AWS/Neptune", { DBInstanceIdentifier: "graph-9" }))],
    ["an alarm in DocumentDB's own namespace", alarmOn(cpu("AWS/DocDB", { DBClusterIdentifier: "docs-9" }))],
    ["an alarm over a class of databases", alarmOn(cpu("AWS/RDS", { DatabaseClass: "db.r7g.large" }))],
    ["an alarm over an engine", alarmOn(cpu("AWS/RDS", { EngineName: "oracle-ee" }))],
  ])("S13 counts and ignores %s: no message, no dead letter, no incident", async (_name, event) => {
    const lab = theLab();
    const { answers, rejected } = await lab.intake(event);
    expect(answers).toMatchObject([{ kind: "not-ours", reason: expect.stringMatching(/./) }]);
    expect(rejected).toBe(0);
    expect(lab.workflow.starts).toEqual([]);
    expect(lab.deps.deadLetters.rejections).toEqual([]);
    expect(lab.log.metrics).toContainEqual(
      expect.objectContaining({ name: "SignalsTaken", fields: { result: "not-ours" } }),
    );
  });

  it.each([
    ["an alarm that names a database nobody knows", alarmEvent("nobody-knows-me")],
    ["an alarm that names none", alarmOn(cpu("AWS/RDS", {}))],
    ["an event of harm to a database that RDS does not know", eventOf("gone", "RDS-EVENT-0221")],
  ])("S10 still tells of %s", async (_name, event) => {
    const lab = theLab();
    expect((await lab.intake(event)).answers).toMatchObject([{ kind: "no-database" }]);
    expect(lab.workflow.starts).toHaveLength(1);
    expect(lab.deps.deadLetters.rejections).toHaveLength(1);
  });

  it("S10 treats an alarm over a class when the settings give it to a database", async () => {
    const lab = theLab();
    lab.deps.settings.set({ alarms: { cpu: "bank" } });
    const { answers } = await lab.intake(alarmOn(cpu("AWS/RDS", { DatabaseClass: "db.r7g.large" })));
    expect(answers).toMatchObject([{ kind: "opened" }]);
  });
});
