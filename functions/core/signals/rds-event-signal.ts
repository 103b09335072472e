import type { DatabaseRef, Signal } from "../contract/signal.ts";
import { databaseRef, distinctRefs, refsFromTags } from "./database-refs.ts";
import { type EventEffect, effectOf } from "./rds-event-table.ts";

export type EventSource =
  | "db-instance"
  | "db-cluster"
  | "db-snapshot"
  | "db-cluster-snapshot"
  | "db-parameter-group"
  | "db-security-group"
  | "db-proxy"
  | "blue-green-deployment"
  | "db-shard-group"
  | "other";

/** What both deliveries say of one event. */
export interface RdsEventReading {
  readonly via: "eventbridge" | "sns";
  readonly source: EventSource;
  readonly eventId: string | null;
  readonly categories: readonly string[];
  readonly identifier: string;
  readonly arn: string | null;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly message: string;
  readonly accountId: string | null;
  readonly region: string | null;
  readonly tags: Readonly<Record<string, string>>;
}

const arnPattern = /^arn:aws[a-z-]{0,20}:rds:([a-z]{2}[a-z0-9-]{1,30}):(\d{12}):([a-z-]{2,30}):(.{1,255})$/s;
const maxText = 2000;

const states: Readonly<Record<EventEffect, Signal["state"]>> = {
  open: "ALARM",
  recovered: "OK",
  attach: "INSUFFICIENT_DATA",
  mute: "INSUFFICIENT_DATA",
};

export function signalOfEvent(event: RdsEventReading): Signal {
  const [, region, accountId, , resource] = arnPattern.exec(event.arn ?? "") ?? [];
  const identifier = nameOf(event, resource ?? null);
  const effect = effectOf(event.eventId, event.categories);
  const databases = databasesOf(event, identifier);
  return {
    schema: "signal.v1",
    id: idOf(event, identifier, accountId ?? event.accountId, region ?? event.region),
    kind: "rds-event",
    via: event.via,
    name: `${event.eventId ?? "RDS event"} ${identifier}`.toWellFormed(),
    arn: resource === undefined ? null : event.arn,
    description: event.categories.join(", ").slice(0, maxText) || null,
    state: states[effect],
    reason: event.message.slice(0, maxText),
    at: new Date(event.at).toISOString(),
    accountId: accountId ?? event.accountId,
    region: region ?? event.region,
    metrics: [],
    childAlarms: [],
    threshold: null,
    comparison: null,
    recentDatapoints: [],
    mutedBecause: mutedBecause(effect, event, databases),
    tags: { ...event.tags },
    databases,
  };
}

/** Older events prefix the identifier of an instance or cluster with "rds:"; automated snapshots are called so. */
function nameOf({ source, identifier }: RdsEventReading, resource: string | null): string {
  if (source !== "db-instance" && source !== "db-cluster") return identifier;
  return resource ?? identifier.replace(/^rds:/, "");
}

function databasesOf({ source, tags }: RdsEventReading, identifier: string): DatabaseRef[] {
  const kind = source === "db-instance" ? "instance" : source === "db-cluster" ? "cluster" : null;
  const named = kind === null ? null : databaseRef(kind, identifier);
  return distinctRefs([...(named === null ? [] : [named]), ...refsFromTags(tags)]);
}

/**
 * Routine events, and those of things that are no database (snapshot, parameter group …), unless they should open an
 * incident: of a proxy whose database no tag and no setting names, a person has to hear.
 */
function mutedBecause(
  effect: EventEffect,
  { source, eventId }: RdsEventReading,
  databases: readonly DatabaseRef[],
): string | null {
  if (effect === "mute") return `${eventId ?? "the event"} is routine`;
  if (databases.length > 0 || effect === "open" || source === "db-instance" || source === "db-cluster")
    return null;
  return `an event of a ${source} names no database; looks at a database read its events themselves`;
}

/** From what both deliveries carry, so that the second one is a repeat. The identifier, which may hold anything, comes last. */
function idOf(
  event: RdsEventReading,
  identifier: string,
  accountId: string | null,
  region: string | null,
): string {
  const parts = [accountId ?? "-", region ?? "-", event.eventId ?? "-", String(event.at), event.source];
  return ["rds-event", ...parts, identifier.toWellFormed()].join("/");
}
