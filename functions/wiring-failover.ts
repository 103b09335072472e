import { createCloudWatchClient, createRdsChangeClient, createRdsClient } from "./adapters/aws/clients.ts";
import { createCloudWatchMetrics } from "./adapters/aws/cloudwatch-metrics.ts";
import { createDynamoFailoverLock } from "./adapters/aws/failover/dynamo-failover-lock.ts";
import type { Regional } from "./adapters/aws/failover/failover-reach.ts";
import { createDoorClient, createLambdaDoor } from "./adapters/aws/failover/lambda-door.ts";
import { createRdsControlPlane } from "./adapters/aws/failover/rds-control-plane.ts";
import type { Engine } from "./core/contract/target.ts";
import { placesOf } from "./core/failover/places-of.ts";
import type { FailoverPorts } from "./core/failover/ports.ts";
import { createThreadVoice } from "./core/failover/thread-voice.ts";
import { unmovableNames } from "./core/failover/unmovable-names.ts";
import * as wiring from "./wiring.ts";
import { failoverRuns } from "./wiring-failover-runs.ts";

/** Every port of a failover in production. */
export function failoverPorts(): FailoverPorts {
  const { clock, log } = wiring.basics();
  const runs = failoverRuns();
  const lock = createDynamoFailoverLock({ ...wiring.incidentTable(), clock, runs });
  const settings = wiring.settings();
  const rds = wiring.rds();
  const of = async (database: string) => placesOf((await settings.read()).failover, database);
  const door = createLambdaDoor({
    client: createDoorClient({ region: wiring.region() }),
    functions: { look: functionOf("PROBE"), fence: functionOf("ACT") },
    clock,
    settings: () => settings.read(),
    find: (ref, signal) => rds.find(ref, signal),
    admit: (stamp, signal) => lock.admit(stamp, { kind: "change" }, signal),
  });
  return {
    controlPlane: createRdsControlPlane({
      region: wiring.region(),
      at: regional(),
      clock,
      records: lock,
      places: of,
    }),
    door,
    lock,
    names: unmovableNames,
    runs,
    voice: createThreadVoice({
      ...{ chat: wiring.chat(), runs, clock, log },
      channel: async () => (await settings.read()).slack.channel,
    }),
  };
}

function functionOf(does: "PROBE" | "ACT"): (engine: Engine) => string {
  return (engine) => wiring.required(`${does}_${engine === "postgres" ? "POSTGRES" : "MYSQL"}_FUNCTION`);
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
