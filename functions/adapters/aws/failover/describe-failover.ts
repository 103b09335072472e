import { type BlueGreenDeployment, DescribeBlueGreenDeploymentsCommand } from "@aws-sdk/client-rds";
import type { FailoverTopology } from "../../../core/contract/failover-topology.ts";
import { type Engine, engineSchema } from "../../../core/contract/target.ts";
import { AwsError } from "../../../core/errors.ts";
import type { Scope } from "../../../core/failover/ports.ts";
import { during } from "../attempt.ts";
import { describeClusterOf } from "./describe-cluster.ts";
import { describeGlobalOf } from "./describe-global.ts";
import { describeStreamsOf } from "./describe-streams.ts";
import { find } from "./failover-family.ts";
import type { ControlPlaneOptions, Regional } from "./failover-reach.ts";
import type { Readings } from "./readings.ts";

export async function describeFailover(
  database: string,
  options: ControlPlaneOptions,
  signal: AbortSignal | undefined,
  scope: Scope,
  readings: Readings,
): Promise<FailoverTopology> {
  const listed = scope === "roles" ? null : deployments(options.at(options.region), signal);
  const found = await find(database, options, readings, signal);
  const part =
    found.kind === "instance"
      ? await describeStreamsOf(found.instance, options, readings, scope)
      : found.kind === "cluster"
        ? await describeClusterOf(found.cluster, options, signal)
        : await describeGlobalOf(found.global, options, signal);
  const { engine, arns, failedOverAt, record, ...rest } = part;
  const head = record.group.split("/").at(-1) ?? null;
  const group = [database, head, rest.clusterId, rest.globalId];
  const [blueGreen, places] = await Promise.all([
    listed?.then((all) => isUnderWay(all, arns)) ?? null,
    options.places({ group, nodes: rest.nodes.map(({ id }) => id) }, signal),
  ]);
  const last = newest(failedOverAt, record.lastCallAt);
  return {
    ...rest,
    engine: engineOf(engine),
    names: [...places.names],
    ...(places.namesElsewhere === undefined ? {} : { namesElsewhere: [...places.namesElsewhere] }),
    quarantineGroup: places.quarantineGroup,
    blueGreen,
    ...(last === undefined ? {} : { lastFailoverAt: last }),
    ...(record.lastRun === undefined ? {} : { lastRun: record.lastRun }),
    ...(record.lastCallAt === null
      ? {}
      : { lastCall: { at: record.lastCallAt, by: record.lastCallBy ?? null } }),
  };
}

/** Our own record alone never says that there was none lately: RDS fails over by itself, too. */
function newest(told: string | null | undefined, ours: string | null): string | null | undefined {
  if (told === null) return null;
  if (told === undefined) return ours ?? undefined;
  return ours !== null && Date.parse(ours) > Date.parse(told) ? ours : told;
}

function engineOf(engine: string | undefined): Engine {
  const spoken = engine === "aurora-postgresql" ? "postgres" : engine === "aurora-mysql" ? "mysql" : engine;
  const parsed = engineSchema.safeParse(spoken);
  if (parsed.success) return parsed.data;
  throw new AwsError(
    "UnsupportedEngine",
    true,
    `${engine ?? "an unnamed engine"} is not known to the responder`,
  );
}

const maxPages = 5;

/** Null where they may not be read, or there are more of them than anybody has. */
async function deployments(
  { reads }: Regional,
  signal: AbortSignal | undefined,
): Promise<readonly BlueGreenDeployment[] | null> {
  const found: BlueGreenDeployment[] = [];
  let marker: string | undefined;
  try {
    for (let page = 0; page < maxPages; page += 1) {
      const command = new DescribeBlueGreenDeploymentsCommand(marker === undefined ? {} : { Marker: marker });
      const { BlueGreenDeployments: all = [], Marker } = await reads.send(command, during(signal));
      found.push(...all);
      marker = Marker;
      if (!marker) return found;
    }
    return null;
  } catch {
    return null;
  }
}

/** What has been switched over or is being deleted renames nothing any more. */
function isUnderWay(all: readonly BlueGreenDeployment[] | null, arns: readonly string[]): boolean | null {
  if (all === null) return null;
  const ours = all.filter(({ Source = "", Target = "" }) => arns.includes(Source) || arns.includes(Target));
  return ours.some(({ Status = "" }) => !["SWITCHOVER_COMPLETED", "DELETING"].includes(Status));
}
