import { DescribeEventsCommand, type Event, type RDSClient, type SourceType } from "@aws-sdk/client-rds";
import type { EventSubject, RdsEventSource, Sight } from "../../core/context-ports.ts";
import type { RdsEvent } from "../../core/contract/context.ts";
import { attempt, during } from "./attempt.ts";

const sourceTypes: Readonly<Record<RdsEvent["source"], SourceType>> = {
  instance: "db-instance",
  cluster: "db-cluster",
  "parameter-group": "db-parameter-group",
};

const maxEvents = 60;
const maxMessage = 500;

/**
 * RDS events of the subjects (SPEC M3), one call each: without an identifier the answer is of the whole account.
 * DescribeEvents gives no event id, only categories and the message, and keeps 14 days.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeEvents.html
 */
export function createRdsEvents({ client }: { readonly client: RDSClient }): RdsEventSource {
  return {
    read: async (subjects, from, to, signal) => {
      const answers = await Promise.all(
        subjects.map((subject) => readEvents(client, subject, { from, to, signal })),
      );
      const read = answers.flatMap(({ value }) => (value === null ? [] : [value]));
      const newest = read.flat().toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
      return {
        value: read.length === 0 ? null : newest.slice(0, maxEvents),
        missing: answers.flatMap(({ missing }) => missing),
      };
    },
  };
}

function readEvents(
  client: RDSClient,
  { source, id }: EventSubject,
  { from, to, signal }: { from: number; to: number; signal: AbortSignal | undefined },
): Promise<Sight<readonly RdsEvent[] | null>> {
  return attempt({ what: `RDS events of ${id}`, action: "rds:DescribeEvents" }, async () => {
    // One page of 100: a database with more events than that in a day repeats itself.
    const answer = await client.send(
      new DescribeEventsCommand({
        SourceType: sourceTypes[source],
        SourceIdentifier: id,
        StartTime: new Date(from),
        EndTime: new Date(to),
        MaxRecords: 100,
      }),
      during(signal),
    );
    return (answer.Events ?? []).flatMap((event) => eventOf(event, source, id));
  });
}

function eventOf(event: Event, source: RdsEvent["source"], id: string): RdsEvent[] {
  if (event.Date === undefined) return [];
  return [
    {
      at: event.Date.toISOString(),
      subject: event.SourceIdentifier ?? id,
      source,
      categories: event.EventCategories ?? [],
      message: (event.Message ?? "").slice(0, maxMessage),
    },
  ];
}
