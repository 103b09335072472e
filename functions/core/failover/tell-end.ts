import type { FailoverRun } from "../contract/failover.ts";
import { messageOf } from "../errors.ts";
import { endMessage } from "./messages.ts";
import type { WatchDeps } from "./watch-deps.ts";

/** One every two minutes: a channel that takes nothing for two hours does not come back by itself. */
const mostTries = 60;
const tellMs = 20_000;

/**
 * An end that no channel took is told by the sweeper, which tries at each of its rounds. The metric has an alarm of its
 * own: who cannot be told in the channel hears from it that there is something to be read.
 */
export async function tellEnd(before: FailoverRun, deps: WatchDeps): Promise<FailoverRun> {
  const { untold } = before;
  if (untold === null) return before;
  const { ports, log } = deps;
  const tries = untold.tries + 1;
  // First written down: where somebody redrove it since it was read, this end is none any more.
  const run = await ports.runs.save({ ...before, untold: { ...untold, tries } });
  const why = await refusal(run, untold.since, deps);
  if (why === null) {
    log.info("failover.told-late", { run: run.id, tries });
    return ports.runs.save({ ...run, untold: null });
  }
  log.metric("FailoversUntold", 1, "Count");
  const over = tries >= mostTries;
  const { says, nextCommand } = run.ending ?? {};
  if (over) log.error("failover.never-told", { run: run.id, reason: why, says, nextCommand });
  else log.warn("failover.not-told", { run: run.id, reason: why, tries });
  return over ? ports.runs.save({ ...run, untold: null }) : run;
}

/** Null: it was accepted. */
async function refusal(
  run: FailoverRun,
  at: number,
  { ports }: Pick<WatchDeps, "ports">,
): Promise<string | null> {
  const stamp = { run: run.id, token: run.token ?? 0, effect: run.effects };
  const effect = { kind: "announce", key: "announce", stamp, message: endMessage(run, at) } as const;
  try {
    await ports.voice.announce(effect, AbortSignal.timeout(tellMs));
    return null;
  } catch (error) {
    return messageOf(error);
  }
}
