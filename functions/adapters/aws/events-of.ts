import { DescribeEventsCommand, type Event, type RDSClient } from "@aws-sdk/client-rds";
import type { Changeable } from "../../core/change-ports.ts";
import { during, isoOf } from "./attempt.ts";
import { allPages } from "./rds-groups.ts";

/** Every page of them: a change that stands on the next one was no less a change. */
export async function eventsOf(
  client: RDSClient,
  { kind, id }: Pick<Changeable, "kind" | "id">,
  since: number,
  signal: AbortSignal | undefined,
) {
  const found = await allPages<Event>(async (page) => {
    const command = new DescribeEventsCommand({
      SourceType: kind === "cluster" ? "db-cluster" : "db-instance",
      SourceIdentifier: id,
      StartTime: new Date(since),
      ...page,
    });
    const { Events: items = [], Marker: marker } = await client.send(command, during(signal));
    return { items, marker };
  });
  // Asked again here: an older restart must never prove a newer one.
  return found.flatMap(({ Date: at, Message = "" }) =>
    at !== undefined && at.getTime() >= since ? [{ at: isoOf(at) ?? "", says: Message }] : [],
  );
}
