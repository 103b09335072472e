import * as z from "zod";
import type { Changeable } from "../../change-ports.ts";
import type { Followed } from "../../contract/work-order.ts";
import { callPreview } from "../aws-calls/call-for.ts";
import { defineOffer } from "../define.ts";
import { type AwsRun, type AwsWorld, defineAwsAction } from "../define-aws.ts";
import { looksAgain, refuse } from "../signals/refuse.ts";
import { type Check, type Following, type Run, saysOf, verdictOf } from "../steps.ts";
import { useGroupCall } from "./group-of-its-own.ts";
import { groupUsed, toGroup } from "./group-used.ts";
import { commonRefusal, isThisOne, triedBefore } from "./guards.ts";
import { nextCommand } from "./progress.ts";
import { began, sendOnce } from "./send-once.ts";
import { shownShape } from "./shown.ts";

const inputSchema = z.strictObject({
  ...shownShape,
  level: z.enum(["instance", "cluster"]).default("instance"),
  from: z.string().min(1),
  to: z.string().min(1),
});
type Input = z.infer<typeof inputSchema>;

const longestSeconds = 1800;

/** A24: an instance or a cluster goes back to the group that it had, or on to one that is there already. */
export const useParameterGroupOffer = defineOffer({
  id: "use-parameter-group",
  spec: ["A24", "A40"],
  title: "Use the parameter group",
  risk: "disruptive",
  engines: ["postgres", "mysql", "mariadb"],
  input: inputSchema,
  undo: "The group of before by the same call.",
  preview: ({ to, level }, target) => callPreview(target, useGroupCall(to, level, target)),
  describes: ({ of, from, to }) =>
    `Gives ${of} the parameter group ${to} in place of ${from}; all that the two differ in counts after a restart`,
  key: ({ of, to }) => `use-parameter-group ${of} ${to}`,
});

export const useParameterGroup = /* @__PURE__ */ defineAwsAction(useParameterGroupOffer, {
  calls: ["ModifyDBInstance", "ModifyDBCluster"],
  preCheck,
  run,
  verify: async (world, input) => verdictOf(await look(world, input)),
  follow: look,
} satisfies AwsRun<Input>);

function described({ rds, signal }: AwsWorld, { of, level }: Input): Promise<Changeable | null> {
  return rds.describe({ kind: level, id: of }, signal);
}

async function preCheck(world: AwsWorld, input: Input): Promise<Check> {
  const { of, level, from, to } = input;
  const state = await described(world, input);
  if (state === null) return refuse("no-such-database", `RDS knows no ${of}.`, looksAgain);
  const against = commonRefusal(world, `use-${level}-group`, state, input);
  const found = groupUsed(state, { name: to, holds: "" }, null);
  if (world.repeated && isThisOne(against))
    return { kind: "go", says: found === null ? triedBefore : saysOf(found) };
  if (found?.kind === "ended" && against === null) return { kind: "already-done", says: saysOf(found) };
  if (against !== null) return against;
  if (found !== null || state.parameterGroups.some(({ name }) => name === from))
    return { kind: "go", says: found === null ? `${of} uses ${from}.` : saysOf(found) };
  return refuse("state-changed", `${of} does not use ${from} any more.`, looksAgain);
}

/** What an earlier attempt has sent makes the database take no other call: that is no sign that nothing was done. */
async function run(world: AwsWorld, input: Input): Promise<Run> {
  const { of, from, to, level } = input;
  const state = world.repeated ? await described(world, input) : null;
  if (state !== null) {
    const uses = state.parameterGroups.some(({ name }) => name === to);
    const against = commonRefusal(world, `use-${level}-group`, state, input);
    const isOld = state.parameterGroups.some(({ name }) => name === from);
    if (uses || against !== null || !isOld)
      return {
        ...began(
          world,
          longestSeconds,
          `${triedBefore} Nothing was sent again: what ${of} uses is looked for.`,
        ),
        undo: toGroup(state, to, from),
      };
    const changed = await changedSince(world, input);
    if (changed !== null) return { ...began(world, longestSeconds, changed), undo: toGroup(state, to, from) };
  }
  return sendOnce(world, useGroupCall(to, level, world.target), longestSeconds, {
    taken: `RDS gives it ${to}.`,
    lookedFor: "Whether it has it is looked for.",
    nothingThere: "it has another group",
  });
}

/** Within so long CloudTrail tells of a call. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/how-cloudtrail-works.html */
const trailMs = 15 * 60_000;

/**
 * The group of before may be there because an earlier attempt never sent anything, or because somebody has set it back
 * since: then CloudTrail tells of a call, some minutes later. Null: it tells of none, and would by now.
 */
async function changedSince(world: AwsWorld, { of, from, level }: Input): Promise<string | null> {
  const operation = level === "cluster" ? "ModifyDBCluster" : "ModifyDBInstance";
  const between = { from: world.orderedAt, to: world.clock.now() };
  const calls = await world.rds.callsOn(of, operation, between, world.signal);
  const isTold = between.to - between.from > trailMs;
  if (calls?.length === 0 && isTold) return null;
  const seen =
    calls === null
      ? "CloudTrail, which would tell, cannot be asked"
      : calls.length === 0
        ? "CloudTrail tells of no call yet, and may be a quarter of an hour behind"
        : `CloudTrail tells of ${operation} on it at ${calls.slice(0, 3).join(", ")}`;
  return `${triedBefore} ${of} uses ${from}, and somebody may have set it back (${seen}). Nothing was sent again: what it uses is looked for, and a person decides.`;
}

async function look(world: AwsWorld, input: Input, running?: Followed): Promise<Following> {
  const { of, from, to } = input;
  const state = await described(world, input);
  if (state === null) return { kind: "failed", says: `RDS knows no ${of} any more.` };
  const used = groupUsed(state, { name: to, holds: "" }, toGroup(state, to, from));
  if (used !== null) return used;
  const told = `${of} does not use ${to}`;
  return running !== undefined && world.clock.now() - Date.parse(running.startedAt) > 120_000
    ? {
        kind: "failed",
        says: `${told}: the call was not taken, or somebody has set it back. ${nextCommand(state)}`,
      }
    : { kind: "running", says: `${told} yet.` };
}
