import type { FailoverRun } from "../contract/failover.ts";
import type { Log } from "../ports.ts";
import { describeCommand } from "./commands.ts";
import { dutyMessage } from "./messages.ts";
import type { RunStore, Voice } from "./ports.ts";
import { withDuty } from "./watch-duty.ts";

interface TellDutyDeps {
  readonly ports: { readonly voice: Pick<Voice, "tell"> };
  readonly log: Log;
}

/**
 * Answers the run with the thread in which it was said, a new one where the old one was gone. Null: no channel took it.
 * That counts in the metric that has an alarm: who cannot be told here hears of it there.
 */
export async function tellDuty(
  run: FailoverRun,
  says: string,
  nextCommand: string,
  { ports, log }: TellDutyDeps,
): Promise<FailoverRun | null> {
  const thread = await ports.voice.tell(dutyMessage(run, says, nextCommand), run.thread);
  if (thread !== null) return { ...run, thread };
  log.metric("FailoversUntold", 1, "Count");
  log.error("failover.not-told", { run: run.id, says });
  return null;
}

interface TellLeftDeps extends TellDutyDeps {
  readonly ports: TellDutyDeps["ports"] & { readonly runs: Pick<RunStore, "save"> };
}

/** What was done about an old primary: no later look shows that, so it stands in the run until a channel took it. */
export async function tellLeft(run: FailoverRun, deps: TellLeftDeps): Promise<FailoverRun> {
  const { node, untold } = run.duties.find((duty) => duty.untold !== undefined) ?? {};
  if (node === undefined || untold === undefined) return run;
  const told = await tellDuty(run, untold, describeCommand(node), deps);
  return told === null ? run : deps.ports.runs.save(withDuty(told, node, ({ untold: _, ...duty }) => duty));
}
