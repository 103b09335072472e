import * as z from "zod";
import { regionOfTopic } from "./alarm-arn.ts";
import { type Envelope, type Reading, unreadable } from "./alarm-reading.ts";
import { type EventSource, type RdsEventReading, signalOfEvent } from "./rds-event-signal.ts";
import { alarmTimeSchema, optionalTextSchema, readTags } from "./shapes.ts";

/**
 * EventBridge by detail-type: `SourceType` in the detail is written in several ways. The last two follow the pattern
 * of the others; no document gives them.
 */
const sourceOfDetailType: ReadonlyMap<unknown, EventSource> = new Map<unknown, EventSource>([
  ["RDS DB Instance Event", "db-instance"],
  ["RDS DB Cluster Event", "db-cluster"],
  ["RDS DB Snapshot Event", "db-snapshot"],
  ["RDS DB Cluster Snapshot Event", "db-cluster-snapshot"],
  ["RDS DB Parameter Group Event", "db-parameter-group"],
  ["RDS DB Security Group Event", "db-security-group"],
  ["RDS DB Proxy Event", "db-proxy"],
  ["RDS Blue Green Deployment Event", "blue-green-deployment"],
  ["RDS DB Shard Group Event", "db-shard-group"],
]);

/** For the rule that brings these events. */
export const rdsDetailTypes: readonly string[] = [...sourceOfDetailType.keys()].map(String);

// Together with time and source this is the sort key of a table: it must stay short.
const identifierSchema = z.string().min(1).max(255);
const eventIdPattern = /RDS-EVENT-\d{4}(?!\d)/;
const eventIdSchema = optionalTextSchema.transform((text) => eventIdPattern.exec(text ?? "")?.[0] ?? null);

const bridgeSchema = z.looseObject({
  account: optionalTextSchema,
  region: optionalTextSchema,
  detail: z.looseObject({
    EventCategories: z.array(z.string()).max(20).nullish().catch(null),
    SourceArn: optionalTextSchema,
    SourceIdentifier: identifierSchema,
    Date: alarmTimeSchema,
    Message: optionalTextSchema,
    EventID: eventIdSchema,
    Tags: z.unknown().optional(),
  }),
});

/**
 * SPEC S4: an RDS event through EventBridge. Delivery is best effort, unordered and up to five minutes late.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/user-events-overview.html
 */
export const rdsEvent: Envelope = {
  name: "RDS event",
  matches: (event) => event["source"] === "aws.rds" && sourceOfDetailType.has(event["detail-type"]),
  read(event) {
    const parsed = bridgeSchema.safeParse(event);
    if (!parsed.success) return unreadable(this.name, parsed.error);
    const { detail, account, region } = parsed.data;
    return asSignal({
      via: "eventbridge",
      source: sourceOfDetailType.get(event["detail-type"]) ?? "other",
      eventId: detail.EventID,
      categories: detail.EventCategories ?? [],
      identifier: detail.SourceIdentifier,
      arn: detail.SourceArn ?? null,
      at: detail.Date,
      message: detail.Message ?? "",
      accountId: account ?? null,
      region: region ?? null,
      tags: readTags(detail.Tags),
    });
  },
};

const subscriptionSchema = z.looseObject({
  "Event Source": z.string(),
  "Event Time": alarmTimeSchema,
  "Source ID": identifierSchema,
  "Source ARN": optionalTextSchema,
  "Event ID": eventIdSchema,
  "Event Message": optionalTextSchema,
  Tags: z.unknown().optional(),
});

const sources: ReadonlySet<string> = new Set(sourceOfDetailType.values());

/** SPEC S4: the same through an RDS event subscription and SNS: keys with blanks, the id at the end of a link. */
export const rdsSubscriptionEvent: Envelope = {
  name: "RDS event subscription",
  matches: (event) => Object.hasOwn(event, "Event Source") && Object.hasOwn(event, "Event ID"),
  read(event, around) {
    const parsed = subscriptionSchema.safeParse(event);
    if (!parsed.success) return unreadable(this.name, parsed.error);
    const data = parsed.data;
    const source = data["Event Source"];
    return asSignal({
      via: "sns",
      source: isSource(source) ? source : "other",
      eventId: data["Event ID"],
      categories: [],
      identifier: data["Source ID"],
      arn: data["Source ARN"] ?? null,
      at: data["Event Time"],
      message: data["Event Message"] ?? "",
      accountId: null,
      region: regionOfTopic(around.topicArn),
      tags: readTags(data.Tags),
    });
  },
};

function isSource(text: string): text is EventSource {
  return sources.has(text);
}

function asSignal(event: RdsEventReading): Reading {
  return { kind: "signal", signal: signalOfEvent(event) };
}
