import { type CloudTrailClient, type Event, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import type { RdsChanges } from "../../core/change-ports.ts";
import { attempt, during } from "./attempt.ts";
import { recordOf } from "./cloudtrail-record.ts";

export type CallsOn = RdsChanges["callsOn"];

/** 250 calls of one name; two look-ups a second are allowed for a whole account and Region. */
const maxPages = 5;

/**
 * When a call of one name on one resource was taken, by CloudTrail's event history, which is some minutes behind. Looked
 * up by the call's name: by the resource's, whoever describes it often would fill the pages. Null: it could not be asked,
 * or there was more than was read and nothing of the resource in it, which is not that there was none.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
export function createCloudTrailCalls(client: CloudTrailClient): CallsOn {
  return async (id, operation, { from, to }, signal) => {
    const { value } = await attempt(
      { what: "calls in CloudTrail", action: "cloudtrail:LookupEvents" },
      async () => {
        const taken: string[] = [];
        let NextToken: string | undefined;
        for (let page = 0; page < maxPages; page += 1) {
          const answer = await client.send(
            new LookupEventsCommand({
              LookupAttributes: [{ AttributeKey: "EventName", AttributeValue: operation }],
              ...{ StartTime: new Date(from), EndTime: new Date(to), MaxResults: 50, NextToken },
            }),
            during(signal),
          );
          taken.push(...(answer.Events ?? []).flatMap((event) => takenAt(event, id)));
          NextToken = answer.NextToken;
          if (!NextToken) return taken;
        }
        return taken.length > 0 ? taken : null;
      },
    );
    return value;
  };
}

/** Of an event whose text cannot be read the call may have been taken, and counts. */
function takenAt({ EventTime, CloudTrailEvent, Resources = [] }: Event, id: string): string[] {
  const record = recordOf(CloudTrailEvent);
  const { dBInstanceIdentifier, dBClusterIdentifier } = record?.requestParameters ?? {};
  const named = [
    ...Resources.map(({ ResourceName }) => ResourceName),
    dBInstanceIdentifier,
    dBClusterIdentifier,
  ];
  const isIts = named.some((name) => typeof name === "string" && name.toLowerCase() === id.toLowerCase());
  return isIts && !record?.errorCode && EventTime !== undefined ? [EventTime.toISOString()] : [];
}
