import { createServer } from "node:net";
import type { DBInstance } from "@aws-sdk/client-rds";
import { clusterOf } from "../../../../functions/adapters/aws/rds-cluster.ts";
import { memberElsewhere, memberOf, sourceOf } from "../../../../functions/adapters/aws/rds-member.ts";
import { targetOf } from "../../../../functions/adapters/aws/rds-target.ts";
import { createSystemClock } from "../../../../functions/adapters/aws/system-clock.ts";
import { createMemoryAlarmStates } from "../../../../functions/adapters/memory/memory-alarm-states.ts";
import { createMemoryContext } from "../../../../functions/adapters/memory/memory-context.ts";
import { createMemoryMetrics } from "../../../../functions/adapters/memory/memory-metrics.ts";
import { topologyKind } from "../../../../functions/core/context/topology-kind.ts";
import type { Evidence } from "../../../../functions/core/contract/evidence.ts";
import type { Target } from "../../../../functions/core/contract/target.ts";
import type { Topology } from "../../../../functions/core/contract/topology.ts";
import type { Assessment, Assignment } from "../../../../functions/core/contract/workflow.ts";
import { alarmsToAsk, withAlarmSignal } from "../../../../functions/core/incident/attached-alarms.ts";
import { noDataReason } from "../../../../functions/core/metrics/missing-metrics.ts";
import type { MetricQuery } from "../../../../functions/core/ports.ts";
import { probes } from "../../../../functions/core/probes/index.ts";
import { collectProbeReport } from "../../../../functions/core/probes/run-probes.ts";
import { collect } from "../../../../functions/core/respond/collect.ts";
import { evidenceOf } from "../../../../functions/core/respond/diagnose-incident.ts";
import { settingsSchema } from "../../../../functions/core/settings.ts";
import { databasesWith } from "../../../../functions/wiring-databases.ts";
import { onFreePort } from "../../../lab/engines/free-port.ts";
import { anIncident } from "../../../support/incident-builder.ts";
import { pointsOf } from "./curves.ts";
import { ago } from "./described.ts";
import { arnOfAlarm, furtherSignalsOf, nameOf, signalOf } from "./signal.ts";
import type { World } from "./world.ts";

/** What the responder would have in hand: AWS's answers read by its own code, and a way in that does not open. */
export async function evidenceOfWorld(world: World): Promise<Evidence> {
  const now = Date.now();
  const target = targetOfWorld(world);
  const signal = signalOf(world, target.name);
  const signals = [...(signal === null ? [] : [signal]), ...furtherSignalsOf(world, target.name)];
  const incident = signals.reduce(withAlarmSignal, anIncident());
  const assignment: Assignment = {
    schema: "assignment.v1",
    incidentId: "inc-outside",
    cycle: 2,
    target,
    signal,
    alarms: [...alarmsToAsk(incident)],
    tiers: ["immediate", "performance"],
    settings: settingsSchema.parse({}),
  };
  const context = await collect(assignment, {
    clock: { ...createSystemClock(), now: () => now },
    metrics: metricsOf(world, target, now),
    context: createMemoryContext({ [target.name]: known(world) }),
    alarmStates: createMemoryAlarmStates(alarmsOf(world, target)),
  });
  const assessment: Assessment = { assignment, reports: [context, await wayIn(world, assignment)] };
  return evidenceOf(assessment, new Date(now).toISOString());
}

function targetOfWorld(world: World): Target {
  const [self] = world.instances;
  const cluster = world.cluster ?? null;
  if (self === undefined) throw new Error("a world has an instance");
  const group = cluster?.DBClusterIdentifier ?? sourceOf(self) ?? self.DBInstanceIdentifier ?? "";
  const target = targetOf(self, cluster, `123456789012/eu-central-1/${group}`);
  return { ...target, host: "127.0.0.1" };
}

function topologyOf({ instances, maintenance = [], ...world }: World): Topology {
  const [self] = instances;
  const cluster = world.cluster ?? null;
  if (self === undefined) throw new Error("a world has an instance");
  return {
    kind: topologyKind({
      aurora: self.Engine?.startsWith("aurora") ?? false,
      instanceClass: self.DBInstanceClass ?? null,
      multiAz: self.MultiAZ ?? false,
      inCluster: cluster !== null,
      inGlobalCluster: false,
      isReplica: sourceOf(self) !== null,
    }),
    members: [...instances.map((instance) => memberOf(instance, cluster)), ...instances.flatMap(elsewhere)],
    cluster: cluster === null ? null : clusterOf(cluster),
    global: null,
    maintenance: [...maintenance],
  };
}

/** Of replicas in another Region RDS tells the ARN and nothing else. */
function elsewhere({ DBInstanceIdentifier = "", ReadReplicaDBInstanceIdentifiers = [] }: DBInstance) {
  return ReadReplicaDBInstanceIdentifiers.filter((name) => name.startsWith("arn:")).map((arn) =>
    memberElsewhere(arn, "replica", DBInstanceIdentifier),
  );
}

function known(world: World) {
  return {
    topology: topologyOf(world),
    events: world.events ?? [],
    logs: world.logs ?? [],
    load: world.load ?? [],
    changes: world.changes ?? [],
    backups: {
      newestSnapshot: {
        id: "rds:nightly",
        at: ago(611).toISOString(),
        type: "automated",
        status: "available",
      },
      restorableFrom: ago(60 * 24 * 14).toISOString(),
      restorableTo: ago(4).toISOString(),
    },
  };
}

function metricsOf({ metrics }: World, target: Target, now: number) {
  return createMemoryMetrics((query: MetricQuery, from: number, to: number) => {
    const subject = query.dimensions["DBInstanceIdentifier"] ?? target.name;
    const curve = metrics[subject === target.name ? query.name : `${subject}/${query.name}`];
    const points = curve === undefined ? [] : pointsOf(curve, query, from, to, now);
    if (points.length === 0) return { missing: noDataReason };
    const { namespace, name, statistic, dimensions, periodSeconds } = query;
    return {
      id: name,
      namespace,
      statistic,
      dimensions: { ...dimensions },
      periodSeconds,
      unit: null,
      points,
    };
  });
}

function alarmsOf({ alarm, alsoAlarms = [] }: World, { name }: Target) {
  return [...(alarm === undefined ? [] : [alarm]), ...alsoAlarms].map((each) => {
    const { metric, statistic, comparison, threshold, state = "ALARM" } = each;
    const of = { namespace: "AWS/RDS", name: metric, statistic, dimensions: { DBInstanceIdentifier: name } };
    const rule = { metric: of, periodSeconds: 60, comparison, threshold };
    return { arn: arnOfAlarm(each, name), name: nameOf(metric, name), state, rule };
  });
}

async function wayIn({ way, inPart }: World, { target, tiers, settings }: Assignment) {
  if (inPart !== undefined) return inPart(target, new Date().toISOString());
  if (way === "probe-failed") {
    const error = { Error: "Lambda.Unknown", Cause: "Task timed out after 25.00 seconds" };
    return { schema: "branch-failure.v1", branch: "probe", error } as const;
  }
  const databases = databasesWith(async () => ({ user: "rds_responder", password: "x", iam: false }), {
    mode: "off",
  });
  const look = (port: number, host: string = target.host) =>
    collectProbeReport(
      databases,
      { ...target, host, port },
      settings,
      probes,
      tiers,
      createSystemClock(),
      AbortSignal.timeout(20_000),
    );
  if (way === "refused") return onFreePort((port) => look(port));
  // Addresses for documentation (RFC 5737): nobody has them.
  if (way === "dropped") return look(target.port, "192.0.2.10");
  const silent = createServer((socket) => socket.on("error", () => socket.destroy()));
  return onFreePort(async (port) => {
    await new Promise<void>((resolve) => silent.listen(port, "127.0.0.1", resolve));
    try {
      return await look(port);
    } finally {
      silent.close();
    }
  });
}
