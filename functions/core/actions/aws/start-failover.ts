import * as z from "zod";
import type { FailoverExecution } from "../../change-ports.ts";
import type { Target } from "../../contract/target.ts";
import type { Followed } from "../../contract/work-order.ts";
import { AwsError } from "../../errors.ts";
import { shellWord } from "../../text/aws-call.ts";
import { defineOffer } from "../define.ts";
import { type AwsRun, type AwsWorld, defineAwsAction } from "../define-aws.ts";
import { sentNote } from "../sent.ts";
import { looksAgain, refuse } from "../signals/refuse.ts";
import { type Check, type Following, type Run, verdictOf } from "../steps.ts";
import { began } from "./send-once.ts";

const inputSchema = z.strictObject({
  /** As RDS names it: the cluster, else the instance. */
  database: z.string().min(1),
  reason: z.string().min(1).max(300),
});
type Input = z.infer<typeof inputSchema>;

/** A31: hands the database to the failover's own machine, which checks, fences, promotes and tells in its own thread. */
export const startFailoverOffer = defineOffer({
  id: "start-failover",
  spec: ["A31", "A40"],
  title: "Fail over",
  risk: "irreversible",
  asksAlways: true,
  engines: ["postgres", "mysql", "mariadb"],
  input: inputSchema,
  undo: null,
  preview: ({ database, reason }, target) =>
    `responder failover ${shellWord(database)} --start --reason ${shellWord(reason)}${regionOf(target)}`,
  describes: ({ database }) =>
    `Fails ${database} over by the machine for it: every check, the fence, the promotion, the names`,
  key: ({ database }) => `start-failover ${database}`,
});

export const startFailover = /* @__PURE__ */ defineAwsAction(startFailoverOffer, {
  calls: [],
  preCheck,
  run,
  verify: async (world, input) => verdictOf(await look(world, input)),
  follow: (world, input, running) => look(world, input, running),
} satisfies AwsRun<Input>);

/** As long as the machine itself may run. */
const longestSeconds = 6 * 3600;

function regionOf({ region }: Target): string {
  return region === null ? "" : ` --region ${region}`;
}

const byHand = "A person starts it: responder failover, or the state machine …-failover in the console.";

async function preCheck({ failovers, approvalId, target }: AwsWorld, { database }: Input): Promise<Check> {
  if (database !== target.name && database !== target.clusterId) {
    const reason = `${database} is neither ${target.name} nor its cluster, for which this was permitted.`;
    return refuse("another-database", reason, byHand);
  }
  if (failovers === null)
    return refuse("no-failover-machine", "No failover can be started from here.", byHand);
  if (approvalId === null) {
    const reason = "Nobody has clicked on a card for it, and without one no failover is started.";
    return refuse("no-approval", reason, byHand);
  }
  return { kind: "go", says: "What speaks against it the failover itself looks for, and says so." };
}

/** The card's id names the execution, so that one click starts one failover and no second one can. */
async function run(world: AwsWorld, { database, reason }: Input): Promise<Run> {
  const { failovers, approvalId, onlyLook, repeated, signal } = world;
  if (failovers === null || approvalId === null)
    return { kind: "refuse", guard: "no-failover-machine", reason: "Nothing was started.", release: byHand };
  if (repeated || onlyLook) {
    const there = await failovers.execution(approvalId, signal);
    if (there !== null) return began(world, longestSeconds, `Found under way: failover fo-${approvalId}.`);
    if (onlyLook) {
      const expired = "The order's time is over, and no failover was started by it.";
      return { kind: "refuse", guard: "order-expired", reason: expired, release: looksAgain };
    }
  }
  world.note(sentNote(`StartExecution ${approvalId} {"database":"${database}"}`));
  try {
    await failovers.start(approvalId, { database, reason, approvalId }, signal);
    return began(
      world,
      longestSeconds,
      `Failover fo-${approvalId} of ${database} was started; its thread tells.`,
    );
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.refused)
      return {
        ...{ kind: "refuse", guard: "aws-refused", release: byHand },
        reason: `Step Functions refused to start it (${error.code}: ${error.message}).`,
      };
    return began(world, longestSeconds, `Step Functions gave no answer (${error.code}). It is looked for.`);
  }
}

/** What was asked for may be seen only after a while. */
const seenAfterMs = 120_000;

async function look(
  { failovers, approvalId, clock, signal }: AwsWorld,
  { database }: Input,
  running?: Followed,
): Promise<Following> {
  const execution =
    failovers === null || approvalId === null ? null : await failovers.execution(approvalId, signal);
  if (execution !== null) return followingOf(execution, `fo-${approvalId}`);
  const since = running === undefined ? clock.now() : Date.parse(running.startedAt);
  if (clock.now() - since < seenAfterMs)
    return { kind: "running", says: `The failover of ${database} cannot be seen yet.` };
  return { kind: "failed", says: `No failover of ${database} was started: nothing was done. ${byHand}` };
}

function followingOf(execution: FailoverExecution, id: string): Following {
  if (execution.is === "running")
    return { kind: "running", says: `Failover ${id} goes on; its own thread tells each step.` };
  const { says, nextCommand } = execution;
  const next = nextCommand === null ? "" : ` Next: ${nextCommand}`;
  if (execution.is === "failed") {
    const shown = nextCommand ?? `responder failover --show ${id} --table TABLE`;
    return { kind: "failed", says: `Failover ${id} did not come to its end: ${says} Next: ${shown}` };
  }
  const kind = execution.is === "done" ? "verified" : "not-verified";
  return {
    kind: "ended",
    verdict: { kind, says: `Failover ${id}: ${says}${kind === "verified" ? "" : next}` },
  };
}
