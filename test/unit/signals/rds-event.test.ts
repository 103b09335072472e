import { describe, expect, it } from "vitest";
import { signalSchema } from "../../../functions/core/contract/signal.ts";
import { parseSignals } from "../../../functions/core/signals/parse-signal.ts";
import { rdsDetailTypes } from "../../../functions/core/signals/rds-event.ts";
import { effectOf, eventEffects } from "../../../functions/core/signals/rds-event-table.ts";
import { seeded } from "../../support/seeded.ts";
import { altered, onlyRejection, onlySignal } from "./envelopes.ts";

const arn = "arn:aws:rds:eu-west-1:123456789012:db:orders-db";

function bridge(number: string, overrides: object = {}, type = "RDS DB Instance Event"): unknown {
  return {
    version: "0",
    id: "68f6e973-1a0c-d37b-f2f2-94a7f62ffd4e",
    "detail-type": type,
    source: "aws.rds",
    account: "123456789012",
    time: "2026-11-21T09:59:43Z",
    region: "eu-west-1",
    resources: [arn],
    detail: {
      EventCategories: ["failover"],
      SourceType: "DB_INSTANCE",
      SourceArn: arn,
      Date: "2026-11-21T09:59:43.292Z",
      Message: "A Multi-AZ failover has completed.",
      SourceIdentifier: "orders-db",
      EventID: `RDS-EVENT-${number}`,
      ...overrides,
    },
  };
}

const subscription = {
  "Event Source": "db-instance",
  "Event Time": "2026-11-21 09:59:43.292",
  "Identifier Link": "https://console.example/rds",
  "Source ID": "orders-db",
  "Source ARN": arn,
  "Event ID": "http://docs.example/USER_Events.html#RDS-EVENT-0049",
  "Event Message": "A Multi-AZ failover has completed.",
};

function sns(message: object): unknown {
  return {
    Records: [
      {
        EventSource: "aws:sns",
        Sns: { TopicArn: "arn:aws:sns:eu-west-1:123456789012:rds", Message: JSON.stringify(message) },
      },
    ],
  };
}

describe("an RDS event", () => {
  it("S4 through EventBridge is a signal that names the database, says what happened and when", () => {
    const signal = onlySignal(bridge("0049"));
    expect(signalSchema.parse(signal)).toEqual(signal);
    expect(signal).toMatchObject({
      kind: "rds-event",
      via: "eventbridge",
      name: "RDS-EVENT-0049 orders-db",
      arn,
      state: "ALARM",
      reason: "A Multi-AZ failover has completed.",
      description: "failover",
      at: "2026-11-21T09:59:43.292Z",
      accountId: "123456789012",
      region: "eu-west-1",
      mutedBecause: null,
      databases: [{ kind: "instance", id: "orders-db" }],
    });
  });

  it("S4 has the same id through an event subscription, so that the second delivery is a repeat", () => {
    const first = onlySignal(bridge("0049"));
    const second = onlySignal(sns(subscription));
    expect(second.via).toBe("sns");
    expect(second.id).toBe(first.id);
    expect({ ...second, via: first.via, description: first.description }).toEqual(first);
  });

  it("S4 another event, time, database or account is another signal", () => {
    const ids = [
      bridge("0049"),
      bridge("0013"),
      bridge("0049", { Date: "2026-11-21T09:59:44.292Z" }),
      bridge("0049", { SourceArn: arn.replace("orders-db", "other-db"), SourceIdentifier: "other-db" }),
      bridge("0049", { SourceArn: arn.replace("123456789012", "210987654321") }),
    ].map((event) => onlySignal(event).id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("S4 the rds: in front of an identifier goes, with and without an ARN", () => {
    const prefixed = { SourceIdentifier: "rds:orders-db" };
    expect(onlySignal(bridge("0049", prefixed)).id).toBe(onlySignal(bridge("0049")).id);
    const bare = onlySignal(bridge("0049", { ...prefixed, SourceArn: undefined }));
    expect(bare.databases).toEqual([{ kind: "instance", id: "orders-db" }]);
  });

  it("S4 a cluster event names the cluster", () => {
    const cluster = {
      SourceType: "CLUSTER",
      SourceArn: "arn:aws:rds:eu-west-1:123456789012:cluster:shop",
      SourceIdentifier: "shop",
    };
    const signal = onlySignal(bridge("0071", cluster, "RDS DB Cluster Event"));
    expect(signal).toMatchObject({ state: "ALARM", databases: [{ kind: "cluster", id: "shop" }] });
  });

  it.each([
    [
      "opens an incident",
      "ALARM",
      ["0004", "0006", "0007", "0013", "0034", "0045", "0049", "0057", "0069", "0071"],
    ],
    [
      "opens an incident",
      "ALARM",
      ["0031", "0035", "0036", "0089", "0221", "0222", "0227", "0403", "0404", "0418", "0419"],
    ],
    ["hints at recovery", "OK", ["0021", "0046", "0051", "0218", "0420"]],
    [
      "is only attached",
      "INSUFFICIENT_DATA",
      ["0011", "0012", "0026", "0050", "0062", "0087", "0220", "0372", "0422"],
    ],
  ])("S4 %s: %s for %j", (_what, state, numbers) => {
    for (const number of numbers) {
      const signal = onlySignal(bridge(number));
      expect([number, signal.state, signal.mutedBecause]).toEqual([number, state, null]);
    }
  });

  it("S4 routine is muted with a reason and not a dead letter", () => {
    for (const number of ["0001", "0002", "0370"]) {
      expect(onlySignal(bridge(number)).mutedBecause).toBe(`RDS-EVENT-${number} is routine`);
    }
  });

  it("S4 a number that nobody knows goes by its worst category", () => {
    expect(effectOf("RDS-EVENT-9999", ["notification, failure"])).toBe("open");
    expect(effectOf("RDS-EVENT-9999", ["maintenance"])).toBe("attach");
    expect(effectOf("RDS-EVENT-9999", ["backup"])).toBe("mute");
    expect(effectOf(null, ["low storage"])).toBe("open");
    expect(effectOf(null, [])).toBe("mute");
  });

  it.each([
    ["RDS DB Snapshot Event", "0042", "arn:aws:rds:eu-west-1:123456789012:snapshot:rds:orders-db-2026-11-21"],
    ["RDS DB Parameter Group Event", "0037", "arn:aws:rds:eu-west-1:123456789012:pg:orders-17"],
    ["RDS Blue Green Deployment Event", "0248", "arn:aws:rds:eu-west-1:123456789012:deployment:bgd-1"],
  ])("S4 a %s names no database and is muted", (type, number, source) => {
    const identifier = source.split(":").slice(6).join(":");
    const event = bridge(number, { SourceArn: source, SourceIdentifier: identifier }, type);
    const signal = onlySignal(event);
    expect(signal.databases).toEqual([]);
    expect(signal.mutedBecause).not.toBeNull();
    expect(signal.name).toBe(`RDS-EVENT-${number} ${identifier}`);
  });

  it("S4 a proxy that throttles is heard, for the database that its tags name", () => {
    const proxy = {
      EventCategories: ["failure"],
      SourceArn: "arn:aws:rds:eu-west-1:123456789012:db-proxy:prx-0a1b",
      SourceIdentifier: "orders-proxy",
    };
    const bare = onlySignal(bridge("0275", proxy, "RDS DB Proxy Event"));
    expect(bare).toMatchObject({ state: "ALARM", mutedBecause: null, databases: [], arn: proxy.SourceArn });
    const Tags = { "rds-responder:database": "instance:orders-db" };
    const tagged = onlySignal(bridge("0275", { ...proxy, Tags }, "RDS DB Proxy Event"));
    expect(tagged.databases).toEqual([{ kind: "instance", id: "orders-db" }]);
  });

  it("S4 every detail-type that a rule should match is read", () => {
    expect(rdsDetailTypes).toContain("RDS DB Cluster Event");
    for (const type of rdsDetailTypes) expect(onlySignal(bridge("0049", {}, type)).kind).toBe("rds-event");
  });

  it("S4 an event without an id is still read, by its category", () => {
    const signal = onlySignal(bridge("0049", { EventID: undefined, EventCategories: ["low storage"] }));
    expect(signal).toMatchObject({ state: "ALARM", name: "RDS event orders-db" });
  });

  it("S9 a wrong date or no identifier is refused with the field", () => {
    for (const [path, value] of [
      ["detail.Date", "yesterday"],
      ["detail.SourceIdentifier", 5],
      ["detail", null],
    ] as const) {
      const rejection = onlyRejection(altered(bridge("0049"), path, value));
      expect(rejection).toMatchObject({ code: "wrong-shape", field: path });
    }
    expect(onlyRejection(sns({ ...subscription, "Event Time": "?" })).field).toBe("Event Time");
    expect(onlyRejection(altered(bridge("0049"), "source", "my.app")).code).toBe("unknown-envelope");
    expect(onlyRejection(altered(bridge("0049"), "detail-type", "RDS DB Fun Event")).code).toBe(
      "unknown-envelope",
    );
  });

  it("S9 2,000 mangled events give a valid signal or a rejection each, and only identifiers RDS would take", () => {
    const random = seeded(4);
    const odd = [
      null,
      "",
      5,
      {},
      [],
      "rds:rds:",
      "\u0000\ud800",
      "x".repeat(5000),
      "../../etc",
      "a--b",
      undefined,
    ];
    const paths = ["Date", "SourceArn", "SourceIdentifier", "EventID", "Message", "EventCategories", "Tags"];
    for (let round = 0; round < 2000; round += 1) {
      let event = bridge("0049");
      for (let change = 0; change < 2; change += 1) {
        const path = paths[random.int(paths.length)] ?? "Date";
        event = altered(event, `detail.${path}`, odd[random.int(odd.length)]);
      }
      const { signals, rejected } = parseSignals(event);
      expect(signals.length + rejected.length).toBe(1);
      for (const signal of signals) {
        expect(signalSchema.parse(signal)).toEqual(signal);
        expect(signal.id.length).toBeLessThan(500);
        for (const { id } of signal.databases) expect(id).toMatch(/^[A-Za-z][A-Za-z0-9-]{0,62}$/);
      }
    }
  });
});

describe("the table of events", () => {
  it("S4 knows every number once", () => {
    const listed = Object.values(eventEffects).flat();
    expect(listed.length).toBeGreaterThan(180);
    expect(new Set(listed).size).toBe(listed.length);
  });

  it("S4 opens no incident for a failure that hurts no running database, and one for writes that may be lost", () => {
    const at = (number: string, category = "failure") => effectOf(`RDS-EVENT-${number}`, [category]);
    for (const number of ["0079", "0080", "0245", "0261", "0278", "0314", "0324", "0353", "0356"]) {
      expect(at(number), number).toBe("attach");
    }
    expect(at("0484")).toBe("mute");
    expect(at("0489")).toBe("mute");
    expect(at("0390", "notification, global database")).toBe("attach");
    expect(at("0391", "notification, global database")).toBe("open");
  });
});
