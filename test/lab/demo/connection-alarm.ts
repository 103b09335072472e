import * as z from "zod";
import type { MetricSeries } from "../../../functions/core/contract/evidence.ts";
import type { LabServer } from "../engines/lab-server.ts";
import { closeAll, openSession } from "../engines/sql.ts";
import { isMysql, isPostgres } from "./database.ts";

export interface ConnectionAlarm {
  /** The metric as CloudWatch would have it, from samples of the engine. */
  series(): MetricSeries;
  /** Resolves with the sample that made it three in a row above the threshold: an alarm of 3 out of 3 datapoints. */
  crossed(threshold: number): Promise<{ at: string; value: number }>;
  stop(): Promise<void>;
}

const everyMs = 600;
const datapoints = 3;

/** Samples the engine's own count of connections, as RDS does for DatabaseConnections (only more often). */
export async function startConnectionAlarm(server: LabServer, name: string): Promise<ConnectionAlarm> {
  const { count, close } = await counter(server);
  const points: { at: string; value: number }[] = [];
  const sample = async (): Promise<{ at: string; value: number }> => {
    const point = { at: new Date().toISOString(), value: await count() };
    points.push(point);
    return point;
  };
  return {
    series: () => ({
      id: "DatabaseConnections",
      namespace: "AWS/RDS",
      dimensions: { DBInstanceIdentifier: name },
      statistic: "Maximum",
      unit: "Count",
      periodSeconds: 60,
      points: [...points],
    }),
    crossed: async (threshold) => {
      for (let above = 0; ; ) {
        const point = await sample();
        above = point.value > threshold ? above + 1 : 0;
        if (above === datapoints) return point;
        await new Promise((resolve) => setTimeout(resolve, everyMs));
      }
    },
    stop: close,
  };
}

async function counter(server: LabServer): Promise<{ count(): Promise<number>; close(): Promise<void> }> {
  if (isPostgres(server)) {
    const client = await openSession(server);
    const sql = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE backend_type = 'client backend'";
    return {
      count: async () => Number((await client.query(sql)).rows[0].n),
      close: () => closeAll([client]),
    };
  }
  if (!isMysql(server)) throw new Error(`no metric of ${server.engine}`);
  const connection = await openSession(server);
  return {
    count: async () => {
      const [rows] = await connection.query("SHOW GLOBAL STATUS LIKE 'Threads_connected'");
      const [row] = z.array(z.object({ Value: z.coerce.number() })).parse(rows);
      return row?.Value ?? 0;
    },
    close: () => closeAll([connection]),
  };
}

export interface Crossing {
  readonly database: string;
  readonly threshold: number;
  readonly at: string;
  readonly value: number;
}

function alarmDetail({ database, threshold, at, value }: Crossing) {
  const dimensions = { DBInstanceIdentifier: database };
  return {
    alarmName: `${database}-connections`,
    state: {
      value: "ALARM",
      reason: `Threshold Crossed: 1 datapoint [${value}] was greater than the threshold (${threshold}).`,
      reasonData: JSON.stringify({ version: "1.0", recentDatapoints: [value], threshold }),
      timestamp: at.replace("Z", "+0000"),
    },
    previousState: { value: "OK", reason: "below the threshold" },
    configuration: {
      description: "connections in use",
      metrics: [
        {
          id: "m1",
          metricStat: {
            metric: { namespace: "AWS/RDS", name: "DatabaseConnections", dimensions },
            period: 60,
            stat: "Maximum",
          },
          returnData: true,
        },
      ],
    },
  };
}

function arnOf(database: string): string {
  return `arn:aws:cloudwatch:eu-central-1:123456789012:alarm:${database}-connections`;
}

/** S2: the alarm as EventBridge delivers it. */
export function eventBridgeEvent(crossing: Crossing): unknown {
  return {
    version: "0",
    id: "demo",
    "detail-type": "CloudWatch Alarm State Change",
    source: "aws.cloudwatch",
    account: "123456789012",
    region: "eu-central-1",
    time: crossing.at,
    resources: [arnOf(crossing.database)],
    detail: alarmDetail(crossing),
  };
}

/** S1: the alarm as its Lambda action delivers it. */
export function alarmActionEvent(crossing: Crossing): unknown {
  return {
    source: "aws.cloudwatch",
    alarmArn: arnOf(crossing.database),
    accountId: "123456789012",
    time: crossing.at.replace("Z", "+0000"),
    region: "eu-central-1",
    alarmData: alarmDetail(crossing),
  };
}
