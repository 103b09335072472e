import { type FailoverState, failoverStateSchema } from "../../functions/core/contract/failover-machine.ts";
import type { Clock } from "../../functions/core/ports.ts";
import { visible, visibleJson } from "../../functions/core/text/visible.ts";
import { type ExitCode, exitCodes, type Io } from "./command.ts";
import type { ExecutionSeen, Executions } from "./failover-executions.ts";

export interface Following {
  readonly executions: Executions;
  readonly clock: Clock;
  readonly format: "text" | "json";
}

const everyMs = 2000;
/** What an operator does not read as a step. */
const silent = ["ToPhase", "Pause", "UntilNextLook"];

/** Starts the deployed machine, tells each state that it enters, and how it ended. */
export async function followFailover(
  name: string,
  input: object,
  { executions, clock, format }: Following,
  io: Io,
): Promise<ExitCode> {
  const say = (text: string): void => (format === "json" ? io.err : io.out)(visible(text));
  const execution = await executions.start(name, input);
  say(`Started ${execution}. It goes on when this is interrupted.`);
  let told = 0;
  for (;;) {
    const seen = await executions.look(execution);
    const entered = (await executions.entered(execution)).filter((state) => !silent.includes(state));
    for (const state of entered.slice(told)) say(state);
    told = Math.max(told, entered.length);
    if (seen.status !== "RUNNING") return ended(seen, format, say, io);
    await clock.sleep(everyMs);
  }
}

function ended(seen: ExecutionSeen, format: "text" | "json", say: (text: string) => void, io: Io): ExitCode {
  const state = stateIn(seen.output);
  const says = state?.says ?? seen.cause ?? `The execution is ${seen.status}, and says nothing.`;
  const status = state?.status ?? "failed";
  if (format === "json") {
    io.out(
      visibleJson(JSON.stringify({ status, says, nextCommand: state?.nextCommand ?? null, seen }, null, 1)),
    );
  } else say([says, ...(state === null ? [] : ["Next:", state.nextCommand])].join("\n"));
  if (status === "done" || status === "dry-run") return exitCodes.healthy;
  return status === "held" ? exitCodes.refused : exitCodes.findings;
}

function stateIn(output: string | null): FailoverState | null {
  if (output === null) return null;
  return failoverStateSchema.safeParse(JSON.parse(output)).data ?? null;
}
