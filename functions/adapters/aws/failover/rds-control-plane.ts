import {
  AddTagsToResourceCommand,
  CreateDBInstanceReadReplicaCommand,
  type DBInstance,
  DescribeDBInstancesCommand,
  FailoverDBClusterCommand,
  FailoverGlobalClusterCommand,
  ModifyDBInstanceCommand,
  PromoteReadReplicaCommand,
  RebootDBInstanceCommand,
  SwitchoverGlobalClusterCommand,
} from "@aws-sdk/client-rds";
import { AwsError } from "../../../core/errors.ts";
import type { Stamp } from "../../../core/failover/effect.ts";
import type { ControlPlane } from "../../../core/failover/ports.ts";
import { during } from "../attempt.ts";
import { answered } from "../aws-error.ts";
import { describeInstance } from "../rds-describe.ts";
import { pendingOf } from "../rds-member.ts";
import { groupName } from "../rds-names.ts";
import { describeFailover } from "./describe-failover.ts";
import { type Admitted, type ControlPlaneOptions, localName, placeOf } from "./failover-reach.ts";
import { createReadings, type Needed } from "./readings.ts";

type Signal = AbortSignal | undefined;

/** SPEC F2: what a replica has not, and a primary must have. */
const backups = { BackupRetentionPeriod: 7, PreferredBackupWindow: "03:00-04:00" } as const;

/**
 * RDS as a failover needs it. Every change is admitted by the lock's record first, in the same breath and not in the
 * same transaction: RDS knows no token, so what was admitted and hangs on its way may still arrive after a successor
 * has the lock. Each is sent once, with a deadline shorter than a lock is ever taken over in.
 */
export function createRdsControlPlane(options: ControlPlaneOptions): ControlPlane {
  const send = async (stamp: Stamp, what: Admitted, signal: Signal, call: () => Promise<unknown>) => {
    const { records } = options;
    await answered(() => records.admit(stamp, what, signal));
    try {
      await answered(call);
    } catch (error) {
      const refused = error instanceof AwsError && error.refused;
      // Where it cannot be taken back it stays noted as one that may have happened.
      if (refused && what.kind !== "change") {
        await records.retract(stamp, what, signal).catch(() => undefined);
      }
      throw error;
    }
  };
  const change = { kind: "change" } as const;
  const failover = { kind: "failover" } as const;
  return {
    describe: describer(options),
    nameOf: (node, resourceId, signal) =>
      answered(async () => {
        const instance = await describeInstance(
          { client: placeOf(node, options).reads, signal },
          { resourceId },
        );
        return instance === null ? null : localName(instance.DBInstanceArn ?? "", options.region);
      }),
    promoteReplica: async (node, stamp, signal) => {
      const { writes, id } = placeOf(node, options);
      const instance = await answered(() => instanceOf(node, options, signal));
      const itsGroup = groupName(instance, id);
      const promoted = { node, itsGroup, resourceId: instance.DbiResourceId ?? "" };
      await send(stamp, { kind: "promotion", ...promoted }, signal, () =>
        writes.send(new PromoteReadReplicaCommand({ DBInstanceIdentifier: id, ...backups }), during(signal)),
      );
    },
    failOverCluster: (cluster, candidate, stamp, signal) =>
      send(stamp, failover, signal, () => {
        const { writes, id } = placeOf(cluster, options);
        const to = candidate === null ? {} : { TargetDBInstanceIdentifier: candidate };
        return writes.send(new FailoverDBClusterCommand({ DBClusterIdentifier: id, ...to }), during(signal));
      }),
    rebootWithFailover: (node, stamp, signal) =>
      send(stamp, failover, signal, () => reboot(node, true, options, signal)),
    switchOverGlobal: (global, cluster, stamp, signal) =>
      send(stamp, failover, signal, () =>
        options.at(options.region).writes.send(
          new SwitchoverGlobalClusterCommand({
            ...{ GlobalClusterIdentifier: global, TargetDbClusterIdentifier: cluster },
          }),
          during(signal),
        ),
      ),
    failOverGlobal: (global, cluster, stamp, signal) =>
      send(stamp, failover, signal, () =>
        // The Region that is lost may be the one that a call would go to: the one that takes over is asked.
        placeOf(cluster, options).writes.send(
          new FailoverGlobalClusterCommand({
            ...{ GlobalClusterIdentifier: global, TargetDbClusterIdentifier: cluster, AllowDataLoss: true },
          }),
          during(signal),
        ),
      ),
    setSecurityGroups: (node, groups, stamp, signal) => {
      const described = instanceOf(node, options, signal);
      // Read while it is admitted; where it is not, nobody waits for it.
      described.catch(() => undefined);
      return send(stamp, change, signal, () => setGroups(node, groups, options, described, signal));
    },
    restart: (node, stamp, signal) => send(stamp, change, signal, () => reboot(node, false, options, signal)),
    createReplica: (source, id, stamp, signal) =>
      send(stamp, change, signal, () => createReplica(source, id, options, signal)),
    tag: (node, key, value, stamp, signal) =>
      send(stamp, change, signal, async () => {
        const { writes } = placeOf(node, options);
        const { DBInstanceArn: arn } = await instanceOf(node, options, signal);
        const command = new AddTagsToResourceCommand({
          ResourceName: arn,
          Tags: [{ Key: key, Value: value }],
        });
        await writes.send(command, during(signal));
      }),
  };
}

/** Of so many databases it is known what their last description needed. */
const maxKnown = 20;

function describer(options: ControlPlaneOptions): ControlPlane["describe"] {
  const known = new Map<string, Needed>();
  return (database, signal, scope = "all") =>
    answered(async () => {
      const key = `${scope} ${database}`;
      const readings = createReadings(options, signal, known.get(key));
      const topology = await describeFailover(database, options, signal, scope, readings);
      if (known.size >= maxKnown) known.clear();
      known.set(key, readings.needed());
      return topology;
    });
}

async function instanceOf(node: string, options: ControlPlaneOptions, signal: Signal): Promise<DBInstance> {
  const { reads, id } = placeOf(node, options);
  const command = new DescribeDBInstancesCommand({ DBInstanceIdentifier: id });
  const [instance] = (await reads.send(command, during(signal))).DBInstances ?? [];
  if (instance === undefined) throw new AwsError("DBInstanceNotFoundFault", true, `RDS describes no ${node}`);
  return instance;
}

function reboot(node: string, force: boolean, options: ControlPlaneOptions, signal: Signal) {
  const { writes, id } = placeOf(node, options);
  const command = new RebootDBInstanceCommand({ DBInstanceIdentifier: id, ForceFailover: force });
  return writes.send(command, during(signal));
}

/**
 * Immediately, unless other changes wait: those would be applied along with it, and restart what is only to be walled.
 * Groups are "asynchronously applied as soon as possible" without it as well (ModifyDBInstance of the API reference).
 */
async function setGroups(
  node: string,
  groups: readonly string[],
  options: ControlPlaneOptions,
  described: Promise<DBInstance>,
  signal: Signal,
): Promise<void> {
  const { writes, id } = placeOf(node, options);
  const pending = pendingOf((await described).PendingModifiedValues);
  const command = new ModifyDBInstanceCommand({
    ...{ DBInstanceIdentifier: id, VpcSecurityGroupIds: [...groups], ApplyImmediately: pending.length === 0 },
  });
  await writes.send(command, during(signal));
}

/** As its source is: without these it gets the VPC's default group, no tag, and the responder no right to touch it. */
async function createReplica(
  source: string,
  id: string,
  options: ControlPlaneOptions,
  signal: Signal,
): Promise<void> {
  const { writes, id: name } = placeOf(source, options);
  const of = await instanceOf(source, options, signal);
  const groups = (of.VpcSecurityGroups ?? []).flatMap(({ VpcSecurityGroupId: group }) => group ?? []);
  const tags = (of.TagList ?? []).filter(({ Key: key }) => key !== undefined && !key.startsWith("aws:"));
  const command = new CreateDBInstanceReadReplicaCommand({
    ...{ DBInstanceIdentifier: id, SourceDBInstanceIdentifier: name },
    ...(of.DBInstanceClass === undefined ? {} : { DBInstanceClass: of.DBInstanceClass }),
    ...(groups.length === 0 ? {} : { VpcSecurityGroupIds: groups }),
    ...(tags.length === 0 ? {} : { Tags: tags }),
    ...(of.MultiAZ === undefined ? {} : { MultiAZ: of.MultiAZ }),
  });
  await writes.send(command, during(signal));
}
