import {
  DescribeDimensionKeysCommand,
  type DimensionKeyDescription,
  type PIClient,
} from "@aws-sdk/client-pi";
import type { LoadSource, Sight } from "../../core/context-ports.ts";
import type { LoadDimension } from "../../core/contract/context.ts";
import { attempt, during } from "./attempt.ts";

interface Grouping {
  readonly by: LoadDimension["by"];
  readonly group: string;
  readonly limit: number;
  /** Dimensions that name an item, the first that is there wins. */
  readonly names: readonly string[];
  readonly id: string | null;
  readonly withWaits: boolean;
}

/**
 * https://docs.aws.amazon.com/performance-insights/latest/APIReference/API_DimensionGroup.html
 * A host is an address; its name is there only where the engine resolves it.
 */
const groupings: readonly Grouping[] = [
  {
    by: "wait-event",
    group: "db.wait_event",
    limit: 10,
    names: ["db.wait_event.name"],
    id: null,
    withWaits: false,
  },
  {
    by: "statement",
    group: "db.sql_tokenized",
    limit: 10,
    names: ["db.sql_tokenized.statement", "db.sql_tokenized.id"],
    id: "db.sql_tokenized.id",
    withWaits: true,
  },
  {
    by: "user",
    group: "db.user",
    limit: 10,
    names: ["db.user.name", "db.user.id"],
    id: null,
    withWaits: false,
  },
  {
    by: "host",
    group: "db.host",
    limit: 10,
    names: ["db.host.name", "db.host.id"],
    id: null,
    withWaits: false,
  },
];

const maxName = 500;
const waitsOfStatement = 3;

/**
 * DB load of one instance from Performance Insights (SPEC M4), whose API goes on under Database Insights. The
 * identifier is the DbiResourceId, never the instance's name. Of each statement the first 500 bytes are there.
 */
export function createPerformanceInsights({ client }: { readonly client: PIClient }): LoadSource {
  return {
    read: async (resourceId, from, to, signal) => {
      const read = await Promise.all(
        groupings.map((grouping) => readLoad(client, resourceId, grouping, { from, to, signal })),
      );
      const found = read.flatMap(({ value }) => (value === null ? [] : [value]));
      return {
        value: found.length === 0 ? null : found,
        missing: read.flatMap(({ missing }) => missing),
      };
    },
  };
}

function readLoad(
  client: PIClient,
  resourceId: string,
  grouping: Grouping,
  { from, to, signal }: { from: number; to: number; signal: AbortSignal | undefined },
): Promise<Sight<LoadDimension | null>> {
  return attempt({ what: `DB load by ${grouping.by}`, action: "pi:DescribeDimensionKeys" }, async () => {
    const answer = await client.send(
      new DescribeDimensionKeysCommand({
        ServiceType: "RDS",
        Identifier: resourceId,
        StartTime: new Date(from),
        EndTime: new Date(to),
        PeriodInSeconds: 60,
        Metric: "db.load.avg",
        GroupBy: { Group: grouping.group, Limit: grouping.limit },
        ...(grouping.withWaits
          ? {
              PartitionBy: {
                Group: "db.wait_event",
                Dimensions: ["db.wait_event.name"],
                Limit: waitsOfStatement,
              },
            }
          : {}),
      }),
      during(signal),
    );
    const waits = (answer.PartitionKeys ?? []).map(
      ({ Dimensions }) => Dimensions?.["db.wait_event.name"] ?? "unknown",
    );
    return { by: grouping.by, items: (answer.Keys ?? []).map((key) => itemOf(key, grouping, waits)) };
  });
}

function itemOf(
  { Dimensions = {}, Total, Partitions }: DimensionKeyDescription,
  { names, id }: Grouping,
  waits: readonly string[],
): LoadDimension["items"][number] {
  const name = names.map((dimension) => Dimensions[dimension]).find((text) => text) ?? "unknown";
  return {
    name: name.slice(0, maxName),
    id: id === null ? null : (Dimensions[id] ?? null),
    load: Total ?? 0,
    // Partitions are numbers, in the order of the answer's partition keys.
    waits: (Partitions ?? []).flatMap((load, index) =>
      load > 0 ? [{ name: waits[index] ?? "unknown", load }] : [],
    ),
  };
}
