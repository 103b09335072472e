import { createDynamoFailoverLock } from "./adapters/aws/failover/dynamo-failover-lock.ts";
import { createDoorClient, createLambdaDoor, resolveInVpc } from "./adapters/aws/failover/lambda-door.ts";
import type { Engine } from "./core/contract/target.ts";
import type { FailoverPorts } from "./core/failover/ports.ts";
import { createThreadVoice } from "./core/failover/thread-voice.ts";
import * as wiring from "./wiring.ts";
import { failoverPortsAt, nodesAt } from "./wiring-failover-ports.ts";
import { failoverRuns } from "./wiring-failover-runs.ts";

/** Every port of a failover in production: the function stands outside the VPC, its doors inside. */
export function failoverPorts(): FailoverPorts {
  const { clock, log } = wiring.basics();
  const region = wiring.region();
  const runs = failoverRuns();
  const lock = createDynamoFailoverLock({ ...wiring.incidentTable(), clock, runs });
  const settings = wiring.settings();
  const client = createDoorClient({ region });
  const functions = { look: functionOf("PROBE"), fence: functionOf("ACT") };
  const door = createLambdaDoor({
    ...{ client, functions, clock },
    settings: () => settings.read(),
    find: nodesAt(region),
    admit: (stamp, signal) => lock.admit(stamp, { kind: "change" }, signal),
  });
  const channel = async () => (await settings.read()).slack.channel;
  return failoverPortsAt({
    ...{ region, clock, runs, lock, door },
    settings: () => settings.read(),
    voice: createThreadVoice({ chat: wiring.chat(), runs, clock, log, channel }),
    resolve: resolveInVpc({ client, functions }),
  });
}

function functionOf(does: "PROBE" | "ACT"): (engine: Engine) => string {
  return (engine) => wiring.required(`${does}_${engine === "postgres" ? "POSTGRES" : "MYSQL"}_FUNCTION`);
}
