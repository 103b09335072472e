import { statfs } from "node:fs/promises";
import { availableParallelism } from "node:os";
import type { EngineSample } from "../engines/engine-node.ts";
import { cpuSecondsOf } from "../engines/process-family.ts";
import type { Database } from "./database.ts";
import type { World } from "./world.ts";

export interface Sampler {
  stop(): Promise<void>;
}

interface Datum {
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
}

/**
 * CloudWatch as the engines make it, put into moto. An engine that does not answer has no data, as on RDS; a replica of
 * MySQL or MariaDB whose replication does not run has -1.
 */
export function startSampler(world: World): Sampler {
  const cpu = new Map<number, { readonly at: number; readonly seconds: number }>();
  const used = (pid: number) => {
    const seconds = cpuSecondsOf(pid);
    const before = cpu.get(pid);
    if (seconds === null) return [];
    const at = performance.now();
    cpu.set(pid, { at, seconds });
    if (before === undefined || at - before.at < 50) return [];
    const share = ((seconds - before.seconds) * 1000) / (at - before.at) / availableParallelism();
    return [{ metric: "CPUUtilization", value: Math.min(100, share * 100), unit: "Percent" }];
  };
  let stopped = false;
  const round = async () => {
    for (const database of [...world.databases.values()]) await sampleOne(world, database, used);
  };
  // Whoever asks at once is to hear of something: a database that was there for long has samples.
  let running = round();
  const timer = setInterval(() => {
    running = running.then(async () => (stopped ? undefined : round()));
  }, world.delays.sampleMs);
  return {
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await running;
    },
  };
}

async function sampleOne(world: World, database: Database, used: (pid: number) => Datum[]): Promise<void> {
  const { node } = database;
  const pid = node.pid();
  // The process is seen from outside, frozen or not; what is asked inside may have no answer.
  const outside = pid === null ? [] : [...used(pid), await freeStorage(node.dataDir)];
  const inside = await node.sample().then(
    (sample) => insideData(world, database, sample),
    () => unanswered(database),
  );
  if (outside.length + inside.length > 0) await put(world, database, [...outside, ...inside]);
}

/** What the disk under the data still takes. */
async function freeStorage(dataDir: string): Promise<Datum> {
  const { bavail, bsize } = await statfs(dataDir);
  return { metric: "FreeStorageSpace", value: bavail * bsize, unit: "Bytes" };
}

function unanswered(database: Database): Datum[] {
  database.replicating = database.source === null ? null : false;
  return [];
}

function insideData({ clusters }: World, database: Database, sample: EngineSample): Datum[] {
  const { connections, lagSeconds, replicating, caughtUp } = sample;
  database.replicating = database.source === null ? null : replicating;
  const data: Datum[] = [{ metric: "DatabaseConnections", value: connections, unit: "Count" }];
  if (lagSeconds === null || database.source === null) return data;
  if (!clusters.has(database.clusterId ?? "")) {
    return [...data, { metric: "ReplicaLag", value: lagSeconds, unit: "Seconds" }];
  }
  // A reader of Aurora reads the same storage: idle is not behind.
  const behindMs = replicating === true && caughtUp ? 0 : Math.max(0, lagSeconds * 1000);
  return [...data, { metric: "AuroraReplicaLag", value: behindMs, unit: "Milliseconds" }];
}

async function put({ moto }: World, { id }: Database, data: readonly Datum[]): Promise<void> {
  const params = data.flatMap(({ metric, value, unit }, index) => {
    const at = `MetricData.member.${index + 1}`;
    return [
      ...[
        [`${at}.MetricName`, metric] as const,
        [`${at}.Value`, String(value)] as const,
        [`${at}.Unit`, unit] as const,
      ],
      ...[[`${at}.Dimensions.member.1.Name`, "DBInstanceIdentifier"] as const],
      [`${at}.Dimensions.member.1.Value`, id] as const,
    ];
  });
  await moto.ask("monitoring", "PutMetricData", { Namespace: "AWS/RDS", ...Object.fromEntries(params) });
}
