import * as z from "zod";
import type { Changeable } from "../../change-ports.ts";
import type { Target } from "../../contract/target.ts";
import type { Followed } from "../../contract/work-order.ts";
import type { AwsCall } from "../../text/aws-call.ts";
import { callOn, callPreview, rowFor } from "../aws-calls/call-for.ts";
import { defineOffer } from "../define.ts";
import { type AwsRun, type AwsWorld, defineAwsAction } from "../define-aws.ts";
import { looksAgain, refuse } from "../signals/refuse.ts";
import type { Check, Following, Run } from "../steps.ts";
import { commonRefusal, openTransaction } from "./guards.ts";
import { nextCommand } from "./progress.ts";
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
  verify: async (world, input) => {
    const following = await look(world, input, world.orderedAt);
    return following.kind === "ended" ? following.verdict : { kind: "not-verified", says: following.says };
  },
  follow: (world, input, running) => look(world, input, Date.parse(running.startedAt), running),
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
  const handle = { since: new Date(world.orderedAt).toISOString() };
  const began = (says: string): Run => ({ kind: "began", says, until, handle });
  if (world.repeated || world.onlyLook)
    return began("Whether an earlier attempt has restarted it is looked for; nothing was sent again.");
  const call = callOf(input, world.target);
  if (typeof call === "string")
    return {
      kind: "refuse",
      guard: "no-such-call",
      reason: `There is no such call: ${call}.`,
      release: looksAgain,
    };
  const sent = await sendCall(world, call);
  switch (sent.is) {
    case "taken":
      return began(`RDS restarts ${input.of}.`);
    case "already":
    case "not-known":
      return began(`${sent.says} A restart is looked for; nothing is sent again.`);
    case "refused":
      return { kind: "refuse", guard: sent.guard, reason: sent.reason, release: sent.release };
    default:
      return sent satisfies never;
  }
}

/** "DB instance restarted" (RDS-EVENT-0006); events come up to five minutes late, and not for sure. */
const restarted = /\brestarted\b|\brebooted\b/i;
const handleSchema = z.object({ since: z.string() });

async function look(
  { rds, target, clock, signal }: AwsWorld,
  input: Input,
  began: number,
  running?: Followed,
): Promise<Following> {
  const since = Date.parse(
    handleSchema.safeParse(running?.handle).data?.since ?? new Date(began).toISOString(),
  );
  const of = { kind: kindOf(target), id: input.of };
  const state = await rds.describe(of, signal);
  if (state === null) return { kind: "failed", says: `RDS knows no ${input.of} any more.` };
  // Of the instance itself, whichever call it was.
  const events = await rds.events({ kind: "instance", id: target.name }, since, signal);
  const event = events.find(({ says }) => restarted.test(says));
  if (event !== undefined && state.status === "available") {
    const says = `${input.of} has restarted (${event.at}: ${event.says}) and is available.`;
    return { kind: "ended", verdict: { kind: "verified", says } };
  }
  const seen = event === undefined ? "RDS has told of no restart yet" : `RDS told of it at ${event.at}`;
  const late = running !== undefined && clock.now() >= Date.parse(running.until) ? ` ${nextCommand(of)}` : "";
  return {
    kind: "running",
    says: `${input.of} is ${state.status ?? "in an unknown status"}; ${seen}.${late}`,
  };
}
