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
import { createSecretsClient } from "./adapters/aws/secrets.ts";
import { placesOf } from "./core/failover/places-of.ts";
import type { FailoverLock, FailoverPorts, NodeDoor, RunStore, Voice } from "./core/failover/ports.ts";
import type { Clock } from "./core/ports.ts";
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
  return {
    controlPlane: createRdsControlPlane({
      ...{ region, clock, at: regional(), records: lock },
      places: async (called) => placesOf((await place.settings()).failover, called),
    }),
    ...{ runs, lock, door, voice },
    names: createAwsNames({
      rds: createRdsClient({ region }),
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
