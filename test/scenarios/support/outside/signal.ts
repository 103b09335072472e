import type { Signal } from "../../../../functions/core/contract/signal.ts";
import { parseSignals } from "../../../../functions/core/signals/parse-signal.ts";
import { account, ago, region } from "./described.ts";
import type { FiredAlarm, RdsNotice, World } from "./world.ts";

/** What started the responder, parsed from the envelope that AWS sends. */
export function signalOf({ alarm, notice }: World, database: string): Signal | null {
  if (alarm === undefined && notice === undefined) return null;
  return parsed(alarm ? alarmEvent(alarm, database) : notice ? noticeEvent(notice, database) : null);
}

/** The alarms that came after the first. */
export function furtherSignalsOf({ alsoAlarms = [] }: World, database: string): Signal[] {
  return alsoAlarms.map((alarm) => parsed(alarmEvent(alarm, database)));
}

function parsed(event: unknown): Signal {
  const { signals, rejected } = parseSignals(event);
  const [signal] = signals;
  if (signal === undefined) throw new Error(`not understood: ${rejected.map(({ reason }) => reason)}`);
  return signal;
}

export function arnOfAlarm({ metric }: FiredAlarm, database: string): string {
  return `arn:aws:cloudwatch:${region}:${account}:alarm:${nameOf(metric, database)}`;
}

export function nameOf(metric: string, database: string): string {
  return `${database}-${metric}`;
}

/** Lambda's action of an alarm. */
function alarmEvent(alarm: FiredAlarm, database: string) {
  const { metric, statistic, comparison, threshold, values, minutesAgo } = alarm;
  const at = ago(minutesAgo).toISOString().replace("Z", "+0000");
  const words = comparison === "GreaterThanThreshold" ? "greater than" : "less than";
  return {
    source: "aws.cloudwatch",
    alarmArn: arnOfAlarm(alarm, database),
    accountId: account,
    time: at,
    region,
    alarmData: {
      alarmName: nameOf(metric, database),
      state: {
        value: "ALARM",
        reason: `Threshold Crossed: ${values.length} out of the last ${values.length} datapoints [${values.join(", ")}] was ${words} the threshold (${threshold}) (minimum ${values.length} datapoints for OK -> ALARM transition).`,
        reasonData: JSON.stringify({
          version: "1.0",
          statistic,
          period: 60,
          recentDatapoints: values,
          threshold,
        }),
        timestamp: at,
      },
      previousState: { value: "OK", reason: "", timestamp: at },
      configuration: {
        metrics: [
          {
            id: "m1",
            metricStat: {
              metric: {
                namespace: "AWS/RDS",
                name: metric,
                dimensions: { DBInstanceIdentifier: database },
              },
              period: 60,
              stat: statistic,
            },
            returnData: true,
          },
        ],
      },
    },
  };
}

/** An event of RDS through EventBridge. */
function noticeEvent({ id, category, message, minutesAgo }: RdsNotice, database: string) {
  const at = ago(minutesAgo).toISOString();
  const arn = `arn:aws:rds:${region}:${account}:db:${database}`;
  return {
    version: "0",
    id: "844e2571-85d4-695f-b930-0153b71dcb42",
    "detail-type": "RDS DB Instance Event",
    source: "aws.rds",
    account,
    time: at,
    region,
    resources: [arn],
    detail: {
      EventCategories: [category],
      SourceType: "DB_INSTANCE",
      SourceArn: arn,
      Date: at,
      Message: message,
      SourceIdentifier: database,
      EventID: id,
    },
  };
}
