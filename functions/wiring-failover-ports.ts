import {
  createCloudWatchClient,
  createRdsChangeClient,
  createRdsClient,
  createSsmClient,
} from "./adapters/aws/clients.ts";
import { createCloudWatchMetrics } from "./adapters/aws/cloudwatch-metrics.ts";
import { createAwsNames } from "./adapters/aws/failover/aws-names.ts";
import type { FailoverRecords, Regional } from "./adapters/aws/failover/failover-reach.ts";
import { createRdsControlPlane } from "./adapters/aws/failover/rds-control-plane.ts";
import { createRoute53Client } from "./adapters/aws/failover/route53-record.ts";
import { createRdsControl } from "./adapters/aws/rds-control.ts";
import { createSecretsClient } from "./adapters/aws/secrets.ts";
import type { Target } from "./core/contract/target.ts";
import type { NodeRef } from "./core/failover/door/node-ref.ts";
import { placesOf } from "./core/failover/places-of.ts";
import type { FailoverLock, FailoverPorts, NodeDoor, RunStore, Voice } from "./core/failover/ports.ts";
import type { Clock, RdsControl } from "./core/ports.ts";
import type { Settings } from "./core/settings.ts";

export interface FailoverPlace {
  readonly region: string;
  readonly clock: Clock;
  readonly runs: RunStore;
  readonly lock: FailoverLock & FailoverRecords;
  readonly door: NodeDoor;
  readonly voice: Voice;
  settings(): Promise<Settings>;
  /** Where a name leads in the network of its clients; left out: by the resolver of this machine. */
  readonly resolve?: (name: string, signal?: AbortSignal) => Promise<string | null>;
}

/** The ports of a failover on AWS, for the function and for the command line, which differ by door, voice and store. */
export function failoverPortsAt(place: FailoverPlace): FailoverPorts {
  const { region, clock, runs, lock, door, voice, resolve } = place;
  const at = regional();
  return {
    controlPlane: createRdsControlPlane({
      ...{ region, clock, at, records: lock },
      places: async (called) => placesOf((await place.settings()).failover, called),
    }),
    ...{ runs, lock, door, voice },
    names: createAwsNames({
      rds: at(region).reads,
      rdsAt: (of) => at(of).reads,
      route53: createRoute53Client({ region }),
      secrets: createSecretsClient({ region }),
      ssm: createSsmClient({ region }),
      clock,
      admit: (stamp, signal) => lock.admit(stamp, { kind: "change" }, signal),
      takesWrites: async (node, topology, signal) => (await door.look(node, topology, signal)).writable,
      ...(resolve === undefined ? {} : { resolve }),
    }),
  };
}

/** Where a node listens, as RDS of its own Region says. */
export function nodesAt(region: string): (ref: NodeRef, signal?: AbortSignal) => Promise<Target | null> {
  const made = new Map<string, RdsControl>();
  return ({ region: of = region, ...ref }, signal) => {
    const rds = made.get(of) ?? createRdsControl({ client: createRdsClient({ region: of }) });
    made.set(of, rds);
    return rds.find(ref, signal);
  };
}

/** One set of clients a Region, kept for the next look. */
function regional(): (region: string) => Regional {
  const made = new Map<string, Regional>();
  return (region) => {
    const known = made.get(region);
    if (known !== undefined) return known;
    const fresh = {
      reads: createRdsClient({ region }),
      writes: createRdsChangeClient({ region }),
      metrics: createCloudWatchMetrics({ client: createCloudWatchClient({ region }) }),
    };
    made.set(region, fresh);
    return fresh;
  };
}
