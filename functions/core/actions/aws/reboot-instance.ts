import * as z from "zod";
import type { Changeable } from "../../change-ports.ts";
import type { Target } from "../../contract/target.ts";
import { AwsError } from "../../errors.ts";
import type { AwsCall } from "../../text/aws-call.ts";
import { callOn, callPreview, rowFor } from "../aws-calls/call-for.ts";
import { defineOffer } from "../define.ts";
import { type AwsRun, type AwsWorld, defineAwsAction } from "../define-aws.ts";
import { looksAgain, refuse } from "../signals/refuse.ts";
import { type Check, type Run, verdictOf } from "../steps.ts";
import { commonRefusal, openTransaction } from "./guards.ts";
import { lookForRestart, type RestartHandle } from "./restart-seen.ts";
import { sendCall } from "./send-call.ts";
import { shownShape } from "./shown.ts";

const inputSchema = z.strictObject({ ...shownShape, why: z.string() });
type Input = z.infer<typeof inputSchema>;

/** A26: restarts the engine. The one call here that does the same again when it is sent again. */
export const rebootInstanceOffer = defineOffer({
  id: "reboot-instance",
  spec: ["A26", "A40"],
  title: "Restart the database",
  risk: "disruptive",
  restarts: true,
  engines: ["postgres", "mysql", "mariadb"],
  input: inputSchema,
  undo: null,
  preview: (input, target) => callPreview(target, callOf(input, target)),
  describes: ({ of, why }) => `Restarts ${of}: ${why}`,
  key: ({ of }) => `reboot-instance ${of}`,
});

const longestSeconds = 1800;

export const rebootInstance = /* @__PURE__ */ defineAwsAction(rebootInstanceOffer, {
  calls: ["RebootDBInstance", "RebootDBCluster"],
  preCheck,
  run,
  verify: async (world, input) => verdictOf(await lookForRestart(world, kindOf(world.target), input.of)),
  follow: (world, input, running) => lookForRestart(world, kindOf(world.target), input.of, running),
} satisfies AwsRun<Input>);

function callOf(_input: Input, target: Target): AwsCall | string {
  const found = rowFor(target, "restart");
  return found.is === "none" ? found.because : callOn(found, {});
}

function kindOf(target: Target): Changeable["kind"] {
  const found = rowFor(target, "restart");
  return found.is === "row" && found.row.whose === "cluster" ? "cluster" : "instance";
}

async function preCheck(world: AwsWorld, input: Input): Promise<Check> {
  const { rds, target, signal } = world;
  // What an earlier attempt may have sent is only looked for: another one would be a second outage.
  if (world.repeated)
    return { kind: "go", says: "An earlier attempt may have restarted it: nothing is sent again." };
  const state = await rds.describe({ kind: kindOf(target), id: input.of }, signal);
  if (state === null) return refuse("no-such-database", `RDS knows no ${input.of}.`, looksAgain);
  return (
    commonRefusal(world, "restart", state, input) ??
    openTransaction(world, input) ?? { kind: "go", says: `${input.of} is available, and can be restarted.` }
  );
}

async function run(world: AwsWorld, input: Input): Promise<Run> {
  const until = new Date(world.clock.now() + longestSeconds * 1000).toISOString();
  const began = (says: string, handle: RestartHandle): Run => ({ kind: "began", says, until, handle });
  const unsure = (waiting: string[]): RestartHandle => ({
    ...{ since: new Date(world.orderedAt).toISOString(), waiting, sent: "not-known" },
  });
  if (world.repeated || world.onlyLook)
    return began(
      "Whether an earlier attempt has restarted it is looked for; nothing was sent again.",
      unsure([]),
    );
  const waiting = await waitingGroups(world);
  const call = callOf(input, world.target);
  if (typeof call === "string")
    return {
      kind: "refuse",
      guard: "no-such-call",
      reason: `There is no such call: ${call}.`,
      release: looksAgain,
    };
  const since = new Date(world.clock.now()).toISOString();
  const sent = await sendCall(world, call);
  switch (sent.is) {
    case "taken":
      return began(`RDS restarts ${input.of}.`, { since, waiting, sent: "taken" });
    case "already":
    case "not-known":
      return began(`${sent.says} A restart is looked for; nothing is sent again.`, unsure(waiting));
    case "refused":
      return { kind: "refuse", guard: sent.guard, reason: sent.reason, release: sent.release };
    default:
      return sent satisfies never;
  }
}

/** Groups of which something waits for a restart: that nothing waits any more proves one, if no event comes. */
async function waitingGroups({ rds, target, signal, note }: AwsWorld): Promise<string[]> {
  try {
    const state = await rds.describe({ kind: "instance", id: target.name }, signal);
    return (state?.parameterGroups ?? []).flatMap(({ name, status }) =>
      status === "pending-reboot" ? name : [],
    );
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    note("What waits for the restart could not be seen.");
    return [];
  }
}
