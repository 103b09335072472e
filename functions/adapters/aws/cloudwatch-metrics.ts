import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataCommandOutput,
} from "@aws-sdk/client-cloudwatch";
import type { MetricSeries } from "../../core/contract/evidence.ts";
import type { MetricQuery, Metrics, MetricsAnswer } from "../../core/ports.ts";
import { type Collected, emptyCollection, missingOf, seriesOf } from "./metric-results.ts";

/**
 * Limit of one call; what is over goes into further calls.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
 */
const maxQueries = 500;
/** 100,800 points a page: five pages are more than any diagnosis reads. */
const maxPages = 5;

/** CloudWatch metrics by GetMetricData. Never throws: what could not be read is listed with the reason (M6). */
export function createCloudWatchMetrics({ client }: { readonly client: CloudWatchClient }): Metrics {
  return {
    read: async (queries, from, to, signal) => {
      const answers: MetricsAnswer[] = [];
      for (let first = 0; first < queries.length; first += maxQueries) {
        const some = queries.slice(first, first + maxQueries);
        answers.push(await readSome(client, some, { from, to, signal }));
      }
      return {
        series: answers.flatMap(({ series }) => series),
        missing: answers.flatMap(({ missing }) => missing),
      };
    },
  };
}

interface Window {
  readonly from: number;
  readonly to: number;
  readonly signal: AbortSignal | undefined;
}

async function readSome(
  client: CloudWatchClient,
  queries: readonly MetricQuery[],
  window: Window,
): Promise<MetricsAnswer> {
  const collected = queries.map(emptyCollection);
  const failure = await collect(client, collected, window).catch((error: unknown) => error ?? "unknown");
  const series: MetricSeries[] = collected.filter(({ points }) => points.size > 0).map(seriesOf);
  return { series, missing: collected.flatMap((each) => missingOf(each, failure)) };
}

/** Fills `collected` page by page, so that pages read before a failure still count. */
async function collect(client: CloudWatchClient, collected: readonly Collected[], window: Window) {
  let token: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const answer = await client.send(
      new GetMetricDataCommand({
        StartTime: new Date(window.from),
        EndTime: new Date(window.to),
        ScanBy: "TimestampAscending",
        MetricDataQueries: collected.map(({ query }, index) => ({ Id: idOf(index), ...statOf(query) })),
        ...(token ? { NextToken: token } : {}),
      }),
      window.signal ? { abortSignal: window.signal } : {},
    );
    absorb(collected, answer);
    token = answer.NextToken;
    if (!token) return undefined;
  }
  return `CloudWatch had more than ${maxPages} pages`;
}

/** Ids of GetMetricData begin with a lower-case letter; a metric's name may hold a `%`. */
function idOf(index: number): string {
  return `q${index}`;
}

function statOf({ namespace, name, dimensions, periodSeconds, statistic }: MetricQuery) {
  return {
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: name,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: periodSeconds,
      Stat: statistic,
    },
  };
}

function absorb(collected: readonly Collected[], answer: GetMetricDataCommandOutput): void {
  for (const result of answer.MetricDataResults ?? []) {
    const own = collected[Number(result.Id?.slice(1))];
    if (!own) continue;
    for (const [index, at] of (result.Timestamps ?? []).entries()) {
      const value = result.Values?.[index];
      if (value !== undefined) own.points.set(at.getTime(), value);
    }
    own.status = result.StatusCode ?? null;
    own.says = (result.Messages ?? []).flatMap(({ Code, Value }) =>
      Value ? [`${Code ?? "message"}: ${Value}`] : [],
    );
  }
  // Without an Id these are about the whole call.
  const general = (answer.Messages ?? []).flatMap(({ Value }) => (Value ? [Value] : []));
  for (const each of collected) each.general = general;
}
