import type { Signal } from "../contract/signal.ts";
import { alarmArnParts } from "./alarm-arn.ts";
import type { AlarmReading } from "./alarm-reading.ts";
import { distinctRefs, mostSpecificFirst, refsFromTags } from "./database-refs.ts";

/** CloudWatch keeps 1,023 characters of a reason and 1,024 of a description. */
const maxText = 2000;

export function buildSignal(reading: AlarmReading): Signal {
  const parts = alarmArnParts(reading.arn);
  const accountId = parts?.accountId ?? reading.accountId;
  const region = parts?.region ?? reading.region;
  const { threshold, comparison, recentDatapoints, childAlarms } = reading.stateReason;
  return {
    schema: "signal.v1",
    id: signalId(reading, accountId, region),
    kind: "alarm",
    via: reading.via,
    name: reading.name,
    arn: parts === null ? null : reading.arn,
    description: reading.description?.slice(0, maxText) ?? null,
    state: reading.state,
    reason: reading.reason.slice(0, maxText),
    at: new Date(reading.at).toISOString(),
    accountId,
    region,
    metrics: [...reading.metrics],
    childAlarms: [...childAlarms],
    oneMetric: reading.oneMetric,
    contributor: reading.contributorId,
    threshold,
    comparison,
    recentDatapoints: [...recentDatapoints],
    mutedBecause: reading.mutedBecause?.slice(0, maxText) ?? null,
    tags: { ...reading.tags },
    databases: distinctRefs([...mostSpecificFirst(reading.refs), ...refsFromTags(reading.tags)]),
  };
}

/**
 * Built from what all three deliveries carry: account, region and name identify an alarm as its ARN does, and are
 * known even where the ARN is missing. The name comes last, for it alone may contain the separator.
 */
function signalId(reading: AlarmReading, accountId: string | null, region: string | null): string {
  const contributor = encodeURIComponent((reading.contributorId ?? "-").toWellFormed());
  const parts = [accountId ?? "-", region ?? "-", reading.state, String(reading.at), contributor];
  return ["alarm", ...parts, reading.name.toWellFormed()].join("/");
}
