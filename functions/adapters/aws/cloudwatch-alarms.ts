import {
  type CloudWatchClient,
  type CompositeAlarm,
  DescribeAlarmsCommand,
  ListTagsForResourceCommand,
  type MetricAlarm,
} from "@aws-sdk/client-cloudwatch";
import type { AlarmInfo, Alarms } from "../../core/ports.ts";
import { alarmNameOf, childrenOf, isArn } from "./alarm-names.ts";

/** Composite → children → their children → theirs. */
const maxDepth = 3;
/** DescribeAlarms takes this many names; it also bounds what one odd composite alarm may cost. */
const maxNames = 100;
/** ListTagsForResource is called once an alarm; more at a time only meet the throttle. */
const tagsAtOnce = 5;

interface Found {
  readonly arn: string;
  readonly metrics: AlarmInfo["metrics"];
  readonly children: readonly string[];
}

/**
 * Alarms by ARN or name, composite ones followed to their children. A composite alarm is in the answer too,
 * without metrics, because its tags may name the database. An unknown alarm is left out.
 */
export function createCloudWatchAlarms({ client }: { readonly client: CloudWatchClient }): Alarms {
  return {
    describe: async (arns, signal) => {
      const found = new Map<string, Found>();
      const asked = new Set<string>();
      let level: readonly string[] = arns;
      for (let depth = 0; depth <= maxDepth && level.length > 0; depth += 1) {
        const names = level.filter((name) => !asked.has(name)).slice(0, maxNames);
        for (const name of names) asked.add(name);
        const alarms = await describeLevel(client, names, signal);
        for (const alarm of alarms) found.set(alarm.arn, alarm);
        level = alarms.flatMap(({ children }) => children);
      }
      return withTags(client, [...found.values()], signal);
    },
  };
}

async function describeLevel(
  client: CloudWatchClient,
  wanted: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly Found[]> {
  if (wanted.length === 0) return [];
  const answer = await client.send(
    new DescribeAlarmsCommand({
      AlarmNames: [...new Set(wanted.map(alarmNameOf))],
      // Left out, it means metric alarms only.
      AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
      MaxRecords: maxNames,
    }),
    during(signal),
  );
  const all = [
    ...(answer.MetricAlarms ?? []).map(fromMetric),
    ...(answer.CompositeAlarms ?? []).map(fromComposite),
  ];
  // The call takes names: one that was given as the ARN of another account or Region finds a stranger here.
  return all.filter(({ arn }) =>
    wanted.some((name) => (isArn(name) ? name === arn : alarmNameOf(arn) === name)),
  );
}

function fromMetric(alarm: MetricAlarm): Found {
  const single = alarm.MetricName ? [alarm] : [];
  const inMath = (alarm.Metrics ?? []).flatMap(({ MetricStat }) =>
    MetricStat?.Metric ? [MetricStat.Metric] : [],
  );
  return {
    arn: alarm.AlarmArn ?? "",
    children: [],
    metrics: [...single, ...inMath].map(({ Namespace, MetricName, Dimensions }) => ({
      namespace: Namespace ?? "",
      name: MetricName ?? "",
      dimensions: Object.fromEntries((Dimensions ?? []).map(({ Name, Value }) => [Name ?? "", Value ?? ""])),
    })),
  };
}

function fromComposite({ AlarmArn, AlarmRule }: CompositeAlarm): Found {
  return { arn: AlarmArn ?? "", metrics: [], children: childrenOf(AlarmRule ?? "") };
}

async function withTags(
  client: CloudWatchClient,
  alarms: readonly Found[],
  signal: AbortSignal | undefined,
): Promise<readonly AlarmInfo[]> {
  const infos: AlarmInfo[] = [];
  for (let first = 0; first < alarms.length; first += tagsAtOnce) {
    const some = alarms.slice(first, first + tagsAtOnce);
    infos.push(
      ...(await Promise.all(
        some.map(async ({ arn, metrics }) => ({ arn, metrics, tags: await tagsOf(client, arn, signal) })),
      )),
    );
  }
  return infos;
}

async function tagsOf(client: CloudWatchClient, arn: string, signal: AbortSignal | undefined) {
  const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceARN: arn }), during(signal));
  return Object.fromEntries((Tags ?? []).flatMap(({ Key, Value }) => (Key ? [[Key, Value ?? ""]] : [])));
}

function during(signal: AbortSignal | undefined) {
  return signal ? { abortSignal: signal } : {};
}
