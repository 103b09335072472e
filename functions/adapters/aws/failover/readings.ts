import type { DBInstance } from "@aws-sdk/client-rds";
import { describeInstance } from "../rds-describe.ts";
import { type NodeEvents, readEvents } from "./failover-events.ts";
import { type NodeMetrics, readMetrics } from "./failover-metrics.ts";
import { orNull } from "./failover-part.ts";
import { type ControlPlaneOptions, type GroupRecord, type Promoted, placeOf } from "./failover-reach.ts";

/** What one description of instances asks, each thing once. Names as of nodes: an ARN where it lies in another Region. */
export interface Readings {
  instance(name: string): Promise<DBInstance | null>;
  /** By what RDS calls the resource, in the Region of the name that it had; null: RDS has it no more. */
  resource(of: Promoted): Promise<DBInstance | null>;
  record(group: string): Promise<GroupRecord>;
  /** Null where they cannot be read. */
  events(name: string): Promise<NodeEvents | null>;
  metrics(name: string): Promise<NodeMetrics | null>;
  /** What was needed, for the description after this one. */
  needed(): Needed;
}

export type Needed = Readonly<
  Record<"instances" | "resources" | "records" | "events" | "metrics", readonly string[]>
>;

/**
 * Who belongs together, and to which group, is found by asking one after the other; all of it stays from look to look.
 * What the last description needed is asked at once, and whatever it answers now is what counts.
 */
export function createReadings(
  options: ControlPlaneOptions,
  signal: AbortSignal | undefined,
  before?: Needed,
): Readings {
  const now = options.clock.now();
  const instances = each((name) => {
    const { reads, id } = placeOf(name, options);
    return describeInstance({ client: reads, signal }, { id });
  }, before?.instances);
  const resources = each((key) => {
    const [node = "", resourceId = ""] = key.split(" ");
    return describeInstance({ client: placeOf(node, options).reads, signal }, { resourceId });
  }, before?.resources);
  const records = each((group) => options.records.read(group, signal), before?.records);
  const events = each((name) => {
    const { reads, id } = placeOf(name, options);
    return orNull(readEvents(reads, { kind: "instance", id }, now, signal));
  }, before?.events);
  const metrics = each(async (name) => {
    const { metrics: of, id } = placeOf(name, options);
    return (await orNull(readMetrics(of, [{ id, aurora: false }], now, signal)))?.get(id) ?? null;
  }, before?.metrics);
  return {
    ...{ instance: instances.need, record: records.need, events: events.need, metrics: metrics.need },
    resource: ({ node, resourceId }) => resources.need(`${node} ${resourceId}`),
    needed: () => ({
      ...{ instances: instances.needed(), resources: resources.needed(), records: records.needed() },
      ...{ events: events.needed(), metrics: metrics.needed() },
    }),
  };
}

function each<T>(ask: (name: string) => Promise<T>, ahead: readonly string[] = []) {
  const asked = new Map<string, Promise<T>>();
  const needed = new Set<string>();
  const get = (name: string): Promise<T> => {
    const known = asked.get(name);
    if (known !== undefined) return known;
    const fresh = ask(name);
    asked.set(name, fresh);
    return fresh;
  };
  // Asked ahead it may be needed by nobody; who needs it is told what became of it all the same.
  for (const name of ahead) get(name).catch(() => undefined);
  const need = (name: string): Promise<T> => {
    needed.add(name);
    return get(name);
  };
  return { need, needed: () => [...needed] };
}
