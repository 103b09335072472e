import { describe, expect, it } from "vitest";
import type { Signal } from "../../../functions/core/contract/signal.ts";
import type { AlarmInfo } from "../../../functions/core/ports.ts";
import {
  candidateRefs,
  databaseRef,
  refsFromDimensions,
  refsFromExpression,
  refsFromName,
} from "../../../functions/core/signals/database-refs.ts";
import { altered, envelope, messagePath, onlySignal } from "./envelopes.ts";

const instance = (id: string) => ({ kind: "instance", id });
const cluster = (id: string) => ({ kind: "cluster", id });
const resource = { kind: "resource-id", id: "db-ABCDEFGHIJKLMNOPQRSTUVWXYZ" };
const dimensionsPath = "alarmData.configuration.metrics.0.metricStat.metric.dimensions";

describe("databases that an alarm names", () => {
  it.each(["eventbridge-math", "sns-math"] as const)(
    "S10 metric math (%s): from the metrics and expressions that return no data, instances before clusters",
    (name) => {
      const { databases } = onlySignal(envelope(name));
      expect(databases).toEqual([instance("orders-db"), resource, cluster("orders")]);
    },
  );

  it.each(["direct-contributor", "eventbridge-contributor", "sns-contributor"] as const)(
    "S10 many series (%s): from the attributes of the contributor, with the metric of the query",
    (name) => {
      expect(onlySignal(envelope(name))).toMatchObject({
        databases: [instance("orders-db")],
        threshold: 90,
        recentDatapoints: [96],
        metrics: [
          {
            namespace: "AWS/RDS",
            name: "CPUUtilization",
            statistic: "Maximum",
            dimensions: { DBInstanceIdentifier: "orders-db" },
          },
        ],
      });
    },
  );

  it("S10 many series without a readable query (PromQL): from the attributes alone", () => {
    const event = altered(envelope("eventbridge-contributor"), "detail.configuration", {
      evaluationCriteria: {},
    });
    expect(onlySignal(event)).toMatchObject({ metrics: [], databases: [instance("orders-db")] });
  });

  it.each(["direct-composite", "sns-composite"] as const)(
    "S10 composite (%s): no database of its own, but the alarms behind it",
    (name) => {
      expect(onlySignal(envelope(name))).toMatchObject({
        databases: [],
        metrics: [],
        childAlarms: ["CPU high", "connections"].map(
          (end) => `arn:aws:cloudwatch:eu-central-1:123456789012:alarm:orders-db ${end}`,
        ),
      });
    },
  );

  it("S10 an alarm of another namespace counts when it names a database, and stays a signal when not", () => {
    const metric = "alarmData.configuration.metrics.0.metricStat.metric";
    const custom = altered(envelope("direct-metric"), `${metric}.namespace`, "Shop/Checkout");
    expect(onlySignal(custom).databases).toEqual([instance("orders-db")]);
    const unnamed = altered(custom, `${metric}.dimensions`, { Service: "checkout" });
    expect(onlySignal(unnamed)).toMatchObject({ databases: [], state: "ALARM" });
    const notListed = altered(envelope("sns-metric"), `${messagePath}.Trigger.Dimensions`, []);
    expect(onlySignal(notListed).databases).toEqual([]);
  });

  it("S10 reads odd casing, lower-cases identifiers and names each database once", () => {
    const dimensions = {
      DbClusterIdentifier: "Orders",
      DbInstanceIdentifier: "ORDERS-1",
      db_instance_identifier: "orders-1",
    };
    const event = altered(envelope("direct-metric"), dimensionsPath, dimensions);
    expect(onlySignal(event).databases).toEqual([instance("orders-1"), cluster("orders")]);
    expect(refsFromDimensions({ DbiResourceId: "db-abcdefghijklmnopqrstuvwxyz" })).toEqual([resource]);
  });

  it.each([
    "",
    "<script>alert(1)</script>",
    "../etc/passwd",
    "a".repeat(64),
    "a".repeat(5000),
    "db\u0000",
    "db\n",
    "db one",
    "-db",
    "db-",
    "d--b",
    "1db",
    "db.eu",
    "dbé",
    "<!channel>",
    "K\u212A",
  ])("S10 S9 a name that RDS would refuse is text, not a database (%#)", (name) => {
    expect(databaseRef("instance", name)).toBeNull();
    expect(databaseRef("cluster", name)).toBeNull();
    const event = altered(envelope("direct-metric"), dimensionsPath, { DBInstanceIdentifier: name });
    const signal = onlySignal(event);
    expect(signal.databases).toEqual([]);
    expect(signal.metrics[0]?.dimensions).toEqual({ DBInstanceIdentifier: name });
  });

  it("S9 dimensions called like parts of an object do no harm", () => {
    const text = '{"__proto__":"x","constructor":"y","DBInstanceIdentifier":"orders-db"}';
    const event = altered(envelope("direct-metric"), dimensionsPath, JSON.parse(text));
    expect(onlySignal(event).databases).toEqual([instance("orders-db")]);
  });

  it("S10 finds databases inside expressions and queries", () => {
    expect(refsFromExpression(`MAX([DB_PERF_INSIGHTS("RDS", "${resource.id}", "x"), m1])`)).toEqual([
      resource,
    ]);
    expect(refsFromExpression(`DB_PERF_INSIGHTS('DOCDB', '${resource.id}', 'x')`)).toEqual([]);
    expect(refsFromExpression(`DB_PERF_INSIGHTS('RDS', 'db-<x>', 'x')`)).toEqual([]);
    const query = `SELECT AVG(DBLoad) FROM SCHEMA("AWS/RDS", DBInstanceIdentifier) WHERE DBInstanceIdentifier = 'a1' AND DBClusterIdentifier != 'c1'`;
    expect(refsFromExpression(query)).toEqual([instance("a1")]);
  });

  it("S10 reads a name from a tag or the settings as instance or cluster, unless it says which", () => {
    expect(refsFromName(" Orders ")).toEqual([instance("orders"), cluster("orders")]);
    expect(refsFromName("cluster:orders")).toEqual([cluster("orders")]);
    expect(refsFromName("instance:orders-1")).toEqual([instance("orders-1")]);
    expect(refsFromName("arn:aws:rds:eu-central-1:123456789012:cluster:orders")).toEqual([cluster("orders")]);
    expect(refsFromName("arn:aws:rds:eu-central-1:123456789012:db:orders-1")).toEqual([instance("orders-1")]);
    expect(refsFromName(resource.id)).toEqual([resource]);
    expect(refsFromName("<script>")).toEqual([]);
  });
});

describe("candidateRefs", () => {
  const tags = { "rds-responder:database": "tagged" };
  const tagged = [instance("tagged"), cluster("tagged")];
  const child = (dimensions: Record<string, string>, childTags: Record<string, string> = {}): AlarmInfo => ({
    arn: "arn:child",
    metrics: [{ namespace: "AWS/RDS", name: "CPUUtilization", dimensions }],
    tags: childTags,
  });
  const composite = (alarmTags: unknown): Signal =>
    onlySignal(altered(envelope("direct-composite"), "alarmData.alarmTags", alarmTags));

  it("S10 asks dimensions, then the alarms behind a composite one, then tags, then the settings", () => {
    const settings = { "orders-db in trouble": "configured" };
    const children = [child({ DBClusterIdentifier: "c" }), child({ DBInstanceIdentifier: "i" })];
    expect(candidateRefs(composite(tags), settings, children)).toEqual([
      instance("i"),
      cluster("c"),
      ...tagged,
      instance("configured"),
      cluster("configured"),
    ]);
  });

  it("S10 tags as a list, tags of the alarms behind, settings by ARN", () => {
    expect(composite([{ Key: "rds-responder:database", Value: "tagged" }]).databases).toEqual(tagged);
    const refs = candidateRefs(composite(null), {}, [
      child({}, { "rds-responder:database": "cluster:behind" }),
    ]);
    expect(refs).toEqual([cluster("behind")]);
    const arn = "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:orders-db in trouble";
    expect(candidateRefs(composite(null), { [arn]: "instance:by-arn" }, [])).toEqual([instance("by-arn")]);
  });

  it("S10 dimensions stay first when a tag names the same database", () => {
    const event = altered(envelope("direct-metric"), dimensionsPath, {
      DBInstanceIdentifier: "tagged",
      DBClusterIdentifier: "c",
    });
    const signal = onlySignal(altered(event, "alarmData.alarmTags", tags));
    expect(candidateRefs(signal, {}, [])).toEqual([instance("tagged"), cluster("c"), cluster("tagged")]);
  });

  it("S10 nothing names a database: no candidates, whatever the alarm is called", () => {
    for (const name of ["constructor", "__proto__", "toString"]) {
      const signal = onlySignal(altered(envelope("direct-composite"), "alarmData.alarmName", name));
      expect(candidateRefs(signal, {}, [])).toEqual([]);
    }
    expect(candidateRefs(composite(null), { other: "x", "orders-db in trouble": "../x" }, [])).toEqual([]);
  });
});
