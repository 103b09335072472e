import { type CloudTrailClient, type Event, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import type { ChangeSource } from "../../core/context-ports.ts";
import type { Change } from "../../core/contract/context.ts";
import { attempt, during } from "./attempt.ts";
import { type CallRecord, recordOf } from "./cloudtrail-record.ts";

const maxChanges = 20;
const maxDetail = 300;

/**
 * Calls that changed a resource, from CloudTrail's event history (SPEC M7). Two look-ups a second are allowed for a
 * whole account and Region, so this is one call, by the one attribute that a look-up takes: the resource's name. The
 * history is some minutes behind.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
export function createCloudTrailChanges({ client }: { readonly client: CloudTrailClient }): ChangeSource {
  return {
    read: (resourceName, from, to, signal) =>
      attempt({ what: "changes in CloudTrail", action: "cloudtrail:LookupEvents" }, async () => {
        const answer = await client.send(
          new LookupEventsCommand({
            LookupAttributes: [{ AttributeKey: "ResourceName", AttributeValue: resourceName }],
            StartTime: new Date(from),
            EndTime: new Date(to),
            MaxResults: 50,
          }),
          during(signal),
        );
        return (answer.Events ?? []).flatMap((event) => changeOf(event, resourceName)).slice(0, maxChanges);
      }),
  };
}

function changeOf(event: Event, subject: string): Change[] {
  if (event.ReadOnly === "true" || event.EventTime === undefined || !event.EventName) return [];
  const record = recordOf(event.CloudTrailEvent);
  return [
    {
      at: event.EventTime.toISOString(),
      source: "cloudtrail",
      subject,
      what: event.EventName,
      by: event.Username ?? null,
      detail: record?.requestParameters ? detailOf(record.requestParameters) : null,
      error: record?.errorCode ?? null,
      ...beforeOf(record),
    },
  ];
}

const replaced = [
  "dBInstanceClass",
  "engineVersion",
  "allocatedStorage",
  "iops",
  "storageType",
  "storageThroughput",
] as const;

/**
 * A change answers with the instance as it still is, the new values stand among the pending ones.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html
 */
function beforeOf(record: CallRecord | null): Pick<Change, "before"> {
  const asked = record?.requestParameters ?? {};
  const was = record?.responseElements ?? {};
  const pairs = replaced.flatMap((name) => {
    const [to, from] = [asked[name], was[name]].map((value) =>
      typeof value === "string" || typeof value === "number" ? String(value) : null,
    );
    return to && from && to !== from ? [[name, from] as const] : [];
  });
  return pairs.length === 0 ? {} : { before: Object.fromEntries(pairs) };
}

/** CloudTrail masks passwords itself; what looks like one is left out all the same. */
function detailOf(parameters: Readonly<Record<string, unknown>>): string {
  return Object.entries(parameters)
    .filter(([name]) => !/password|secret|token/i.test(name))
    .map(([name, value]) => `${name}=${typeof value === "object" ? JSON.stringify(value) : String(value)}`)
    .join(", ")
    .slice(0, maxDetail);
}
