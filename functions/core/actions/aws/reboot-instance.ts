import * as z from "zod";
import type { Changeable } from "../../change-ports.ts";
import type { Target } from "../../contract/target.ts";
import type { Followed } from "../../contract/work-order.ts";
import { AwsError } from "../../errors.ts";
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
  const since = new Date(world.orderedAt).toISOString();
  const isRepeat = world.repeated || world.onlyLook;
  const waiting = isRepeat ? [] : await waitingGroups(world);
  const began = (says: string): Run => ({ kind: "began", says, until, handle: { since, waiting } });
  if (isRepeat)
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

/** "DB instance restarted" (RDS-EVENT-0006); events come up to five minutes late, and not for sure. */
const restarted = /\brestarted\b|\brebooted\b/i;
const handleSchema = z.object({ since: z.string(), waiting: z.array(z.string()).default([]) });

async function look(
  { rds, target, clock, signal }: AwsWorld,
  input: Input,
  began: number,
  running?: Followed,
): Promise<Following> {
  const handle = handleSchema.safeParse(running?.handle).data;
  const of = { kind: kindOf(target), id: input.of };
  const self = { kind: "instance", id: target.name } as const;
  const state = await rds.describe(of, signal);
  if (state === null) return { kind: "failed", says: `RDS knows no ${input.of} any more.` };
  // Of the instance itself, whichever call it was.
  const events = await rds.events(self, handle === undefined ? began : Date.parse(handle.since), signal);
  const event = events.find(({ says }) => restarted.test(says));
  const instance = of.kind === "instance" ? state : await rds.describe(self, signal);
  const proof =
    event === undefined ? appliedText(instance, handle?.waiting ?? []) : `${event.at}: ${event.says}`;
  if (proof !== null && state.status === "available") {
    const says = `${input.of} has restarted (${proof}) and is available.`;
    return { kind: "ended", verdict: { kind: "verified", says } };
  }
  const seen = proof === null ? "RDS has told of no restart yet" : `RDS told of one (${proof})`;
  const late = running !== undefined && clock.now() >= Date.parse(running.until) ? ` ${nextCommand(of)}` : "";
  return {
    kind: "running",
    says: `${input.of} is ${state.status ?? "in an unknown status"}; ${seen}.${late}`,
  };
}

function appliedText(state: Changeable | null, waiting: readonly string[]): string | null {
  const groups = state?.parameterGroups ?? [];
  const applied = waiting.filter((name) =>
    groups.some((one) => one.name === name && one.status === "in-sync"),
  );
  return waiting.length > 0 && applied.length === waiting.length
    ? `what waited for it in ${applied.join(", ")} is applied`
    : null;
}
