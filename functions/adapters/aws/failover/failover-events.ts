import { DescribeEventsCommand, type RDSClient, type SourceType } from "@aws-sdk/client-rds";
import { during, isoOf } from "../attempt.ts";

export interface NodeEvents {
  readonly restartedAt: string | null;
  readonly failedOverAt: string | null;
  /** One was begun lately, and nothing says that it ended. */
  readonly failingOver: boolean;
}

/** A failover older than this is no reason to hold the next one. */
const windowMinutes = 180;
const endsWithinMs = 900_000;

/**
 * What RDS tells of one database, for it describes neither its restarts nor its failovers.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html: 0006 restarted; 0013, 0015, 0049,
 * 0050 and 0069 to 0073 of the category failover. Throws when it cannot be read.
 */
export async function readEvents(
  client: RDSClient,
  { kind, id }: { readonly kind: "instance" | "cluster"; readonly id: string },
  now: number,
  signal: AbortSignal | undefined,
): Promise<NodeEvents> {
  const source: SourceType = kind === "cluster" ? "db-cluster" : "db-instance";
  const command = new DescribeEventsCommand({
    ...{ SourceType: source, SourceIdentifier: id, Duration: windowMinutes, MaxRecords: 100 },
  });
  const { Events = [] } = await client.send(command, during(signal));
  const told = Events.flatMap(({ Date: at, Message: says = "", EventCategories: of = [] }) =>
    at === undefined ? [] : [{ at, says, failover: of.includes("failover") }],
  ).toSorted((a, b) => b.at.getTime() - a.at.getTime());
  const failover = told.find(({ failover: is, says }) => is || /failover/i.test(says));
  const restart = told.find(({ says }) => /restarted|multi-az (instance )?failover.* completed/i.test(says));
  return {
    restartedAt: isoOf(restart?.at),
    failedOverAt: isoOf(failover?.at),
    failingOver:
      failover !== undefined &&
      now - failover.at.getTime() < endsWithinMs &&
      /started|begun|in progress/i.test(failover.says),
  };
}
