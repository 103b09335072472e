import { messageOf } from "../../errors.ts";
import type { Settings } from "../../settings.ts";
import type { Deps } from "../deps.ts";
import type { OpenDeps } from "../open-or-attach.ts";
import { acknowledge } from "./acknowledge.ts";
import { failoverByHand } from "./failover-by-hand.ts";
import { lookByName } from "./look-by-name.ts";
import { parseCommand, type SlashCommand } from "./parse-command.ts";
import { endSnooze, snoozeDatabase } from "./snooze-database.ts";
import { tellStatus } from "./tell-status.ts";

export type CommandDeps = OpenDeps & Pick<Deps, "settings" | "rds">;

export interface CommandRequest {
  /** Behind the command's own name. */
  readonly text: string;
  /** Slack user id, from a request whose signature was verified. */
  readonly by: string;
  readonly requestId: string;
}

export interface CommandAnswer {
  readonly says: string;
  /** Whose messages have changed by it; null: nobody's. */
  readonly incidentId: string | null;
}

/** Slack waits three seconds, and part of them is the way. */
const answerMs = 2300;

/**
 * SPEC S7. Answers to whoever asked, alone. What takes longer is in the machine's hands by then, or said not to be known:
 * each write is one condition or is taken up by the sweep.
 */
export async function answerCommand(request: CommandRequest, deps: CommandDeps): Promise<CommandAnswer> {
  const awake = new AbortController();
  const late = deps.clock.sleep(answerMs, awake.signal).then(
    () => says("There was no answer in time, and it is not known whether it was taken: /db status shows it."),
    () => says(""),
  );
  try {
    return await Promise.race([answered(request, deps), late]);
  } catch (error) {
    deps.log.error("command.failed", { by: request.by, reason: messageOf(error) });
    return says("That failed here, and may not have been done: /db status shows it. The log says why.");
  } finally {
    awake.abort();
  }
}

async function answered({ text, by, requestId }: CommandRequest, deps: CommandDeps): Promise<CommandAnswer> {
  const settings = await deps.settings.read();
  const command = parseCommand(text);
  const refusal = refusalFor(command, by, settings);
  deps.log.info("command.received", { kind: command.kind, by, refused: refusal !== null });
  if (refusal !== null) return says(refusal);
  switch (command.kind) {
    case "status":
      return says(await tellStatus(command.name, deps));
    case "diagnose":
      return says(await lookByName({ name: command.name, by, requestId }, deps));
    case "failover":
      return says(await failoverByHand(command.name, deps));
    case "ack":
      return acknowledge({ name: command.name, by }, deps);
    case "snooze":
      return says(await snoozeDatabase({ ...command, by }, settings.policy.maxSnoozeSeconds, deps));
    case "snooze-off":
      return says(await endSnooze(command.name, by, deps));
    case "not-one":
      return says(command.says);
    default:
      return command satisfies never;
  }
}

/** A snooze changes what is done, as an approval does; the rest asks and tells. */
function refusalFor({ kind }: SlashCommand, by: string, { policy, slack }: Settings): string | null {
  const isApprover = policy.approvers.includes(by);
  if (!isApprover && !slack.users.includes(by))
    return `Sorry, /db answers only people whom the settings name (policy.approvers, slack.users). You are ${by}: whoever owns the settings can add you.`;
  if (isApprover || (kind !== "snooze" && kind !== "snooze-off")) return null;
  return `Sorry, what is left alone is decided by people in policy.approvers. You are ${by}: ask one of them, or whoever owns the settings.`;
}

function says(text: string): CommandAnswer {
  return { says: text, incidentId: null };
}
