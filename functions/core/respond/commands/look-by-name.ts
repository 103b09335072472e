import type { Signal } from "../../contract/signal.ts";
import type { Target } from "../../contract/target.ts";
import { type Deps, isoNow } from "../deps.ts";
import { type OpenDeps, openOrAttach } from "../open-or-attach.ts";
import { findDatabase } from "./find-database.ts";

export interface Asked {
  readonly name: string;
  readonly by: string;
  /** The same for every delivery of one request. */
  readonly requestId: string;
}

/** A look that somebody wants: it opens an incident or attaches to the open one, and the machine does the rest. */
export async function lookByName(
  asked: Asked,
  deps: OpenDeps & Pick<Deps, "rds" | "settings">,
): Promise<string> {
  const found = await findDatabase(asked.name, deps);
  if (found.kind !== "found") return `${found.says} Nothing was begun.`;
  const { target } = found;
  const settings = await deps.settings.read();
  const answer = await openOrAttach(signalOf(asked, target, isoNow(deps.clock)), target, settings, deps);
  deps.log.info("command.look", { by: asked.by, name: target.name, result: answer.kind });
  switch (answer.kind) {
    case "opened":
      return `Looking at ${target.name} now: the diagnosis comes to ${settings.slack.channel}. Incident ${answer.incidentId}.`;
    case "attached":
    case "repeated":
      return `Incident ${answer.incidentId} is open for it: ${target.name} is looked at anew, and its thread tells.`;
    case "no-database":
    case "not-ours":
    case "muted":
    case "recovered":
      return `Nothing was begun: ${answer.reason}.`;
    default:
      return answer satisfies never;
  }
}

function signalOf({ by, requestId }: Asked, { name, accountId, region }: Target, at: string): Signal {
  return {
    ...{ schema: "signal.v1", id: `manual/${requestId}`, kind: "manual", via: "slack" },
    ...{ name: `a request of ${by}`, arn: null, description: null },
    ...{ state: "ALARM", reason: `${by} asked for a look at ${name}`, at, accountId, region },
    ...{ metrics: [], childAlarms: [], threshold: null, comparison: null, recentDatapoints: [] },
    ...{ mutedBecause: null, tags: {}, databases: [{ kind: "instance", id: name }] },
  };
}
