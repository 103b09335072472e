import {
  DescribeOrderableDBInstanceOptionsCommand,
  DescribeValidDBInstanceModificationsCommand,
  type Range,
  type RDSClient,
} from "@aws-sdk/client-rds";
import type { NumberRange, Orderable, RdsChanges } from "../../core/change-ports.ts";
import { during } from "./attempt.ts";
import { answered } from "./aws-error.ts";
import type { CallsOn } from "./cloudtrail-calls.ts";
import { eventsOf } from "./events-of.ts";
import { changeableCluster, changeableInstance } from "./rds-changeable.ts";
import { describeCluster, describeInstance } from "./rds-describe.ts";
import { groupState } from "./rds-group-state.ts";
import { parametersOf, usersOf } from "./rds-groups.ts";
import { madeDatabase } from "./rds-made.ts";
import { proxyPool } from "./rds-proxy-pool.ts";
import { sendRdsCall } from "./rds-send.ts";
import { snapshotState } from "./snapshot-state.ts";

/**
 * Two clients: what reads may be tried again, what changes is sent once. The input of a call is of the core's own
 * making, in the words of the API.
 */
export function createRdsChanges({
  reads,
  writes,
  callsOn,
}: {
  readonly reads: RDSClient;
  readonly writes: RDSClient;
  readonly callsOn: CallsOn;
}): RdsChanges {
  return {
    describe: ({ kind, id }, signal) =>
      answered(async () => {
        const lookup = { client: reads, signal };
        if (kind === "cluster") {
          const cluster = await describeCluster(lookup, { id });
          return cluster && changeableCluster(cluster);
        }
        const instance = await describeInstance(lookup, { id });
        return instance && changeableInstance(instance);
      }),
    orderable: (wanted, signal) => answered(() => orderable(reads, wanted, signal)),
    validStorage: (id, signal) => answered(() => validStorage(reads, id, signal)),
    parameters: (group, names, signal) => answered(() => parametersOf(reads, group, names, signal)),
    groupState: (group, signal) => answered(() => groupState(reads, group, signal)),
    usersOf: (group, signal) => answered(() => usersOf(reads, group, signal)),
    snapshot: (of, signal) => answered(() => snapshotState(reads, of, signal)),
    events: (of, since, signal) => answered(() => eventsOf(reads, of, since, signal)),
    callsOn,
    made: (of, signal) => answered(() => madeDatabase({ client: reads, signal }, of)),
    proxyPool: (proxy, group, signal) => answered(() => proxyPool(reads, { proxy, group }, signal)),
    send: (call, signal) => answered(() => sendRdsCall(writes, call, signal)),
  };
}

const maxPages = 5;

async function orderable(
  client: RDSClient,
  { engine, engineVersion, instanceClass }: Parameters<RdsChanges["orderable"]>[0],
  signal: AbortSignal | undefined,
): Promise<readonly Orderable[]> {
  const found: Orderable[] = [];
  let marker: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const command = new DescribeOrderableDBInstanceOptionsCommand({
      ...{ Engine: engine, EngineVersion: engineVersion, DBInstanceClass: instanceClass },
      ...(marker === undefined ? {} : { Marker: marker }),
    });
    const { OrderableDBInstanceOptions = [], Marker } = await client.send(command, during(signal));
    for (const {
      AvailabilityZones = [],
      MultiAZCapable = false,
      StorageType = null,
    } of OrderableDBInstanceOptions) {
      const zones = AvailabilityZones.flatMap(({ Name }) => Name ?? []);
      found.push({ zones, multiAzCapable: MultiAZCapable, storageType: StorageType });
    }
    marker = Marker;
    if (!marker) break;
  }
  return found;
}

async function validStorage(client: RDSClient, id: string, signal: AbortSignal | undefined) {
  const command = new DescribeValidDBInstanceModificationsCommand({ DBInstanceIdentifier: id });
  const { ValidDBInstanceModificationsMessage: valid } = await client.send(command, during(signal));
  return (valid?.Storage ?? []).map((one) => ({
    type: one.StorageType ?? "",
    sizesGib: rangesOf(one.StorageSize),
    iops: rangesOf(one.ProvisionedIops),
    throughputMibps: rangesOf(one.ProvisionedStorageThroughput),
  }));
}

function rangesOf(ranges: readonly Range[] | undefined): readonly NumberRange[] {
  return (ranges ?? []).map(({ From, To }) => ({ from: From ?? 0, to: To ?? Number.POSITIVE_INFINITY }));
}
