import type { MadeDatabase } from "../../change-ports.ts";
import type { Target } from "../../contract/target.ts";
import type { Followed } from "../../contract/work-order.ts";
import { type AwsCall, stepText } from "../../text/aws-call.ts";
import { statusRefusal } from "../aws-calls/statuses.ts";
import { defineOffer } from "../define.ts";
import { type AwsRun, type AwsWorld, defineAwsAction } from "../define-aws.ts";
import { looksAgain, refuse } from "../signals/refuse.ts";
import { type Check, type Following, type Run, verdictOf } from "../steps.ts";
import { notTheSame } from "./guards.ts";
import { lookForMade } from "./look-for-made.ts";
import { otherThanCopy } from "./made.ts";
import { placementText } from "./placement.ts";
import { nextCommand } from "./progress.ts";
import { kindOf, memberCall, type RestoreInput, restoreCall, restoreInputSchema } from "./restore-calls.ts";
import { heldOf, withMember } from "./restored-member.ts";
import { notSeen, seenFirst } from "./seen-first.ts";
import { began, sendOnce } from "./send-once.ts";

/** A28: how it was at a moment, beside how it is. */
export const restoreCopyOffer = defineOffer({
  id: "restore-copy",
  spec: ["A28", "A40"],
  title: "Bring back a copy",
  risk: "disruptive",
  engines: ["postgres", "mysql", "mariadb"],
  input: restoreInputSchema,
  undo: "Delete the copy: a person's decision.",
  preview: (input, target) =>
    stepsOf(input, target)
      .map((step) => (typeof step === "string" ? step : stepText(step, target.region)))
      .join(" &&\n"),
  describes: ({ of, name, at }) =>
    `Brings back ${of} as of ${at} under the new name ${name}; ${of} stays as it is`,
  key: ({ of, name, at }) => `restore-copy ${of} ${name} ${at}`,
});

const longestSeconds = 12 * 3600;

export const restoreCopy = /* @__PURE__ */ defineAwsAction(restoreCopyOffer, {
  calls: ["RestoreDBInstanceToPointInTime", "RestoreDBClusterToPointInTime", "CreateDBInstance"],
  preCheck,
  run,
  verify: async (world, input) => verdictOf(await look(world, input)),
  follow: look,
} satisfies AwsRun<RestoreInput>);

function stepsOf(input: RestoreInput, target: Target): readonly (AwsCall | string)[] {
  const member = memberCall(input, target);
  const wait = `aws rds wait db-cluster-available --db-cluster-identifier ${input.name}`;
  return [restoreCall(input, target), ...(member === null ? [] : [wait, member])];
}

function copyOf({ rds, target, signal }: AwsWorld, { name }: RestoreInput): Promise<MadeDatabase | null> {
  return rds.made({ kind: kindOf(target), id: name }, signal);
}

async function preCheck(world: AwsWorld, input: RestoreInput): Promise<Check> {
  const { rds, target, signal, repeated } = world;
  const { of, name, at } = input;
  const lookedUp = { kind: kindOf(target), id: of };
  const state = await rds.describe(lookedUp, signal);
  if (state === null) return refuse("no-such-database", `RDS knows no ${of}.`, looksAgain);
  const another = notTheSame(world, state, input);
  if (another !== null) return another;
  const copy = await copyOf(world, input);
  if (copy !== null)
    return taken(world, input, copy) ?? { kind: "go", says: `${name} is there, or is being made.` };
  const { from = null, to = null } = (await rds.made(lookedUp, signal))?.restorable ?? {};
  const early = from !== null && Date.parse(at) < Date.parse(from);
  if (early || Date.parse(at) > (to === null ? world.clock.now() : Date.parse(to))) {
    const reason = `${at} cannot be brought back: ${of} can be from ${from ?? "its oldest backup"} to ${to ?? "now"}.`;
    return refuse("not-restorable", reason, "A person names a moment between the two.");
  }
  const status = statusRefusal("restore-to-time", state);
  if (status !== null && !repeated) return { kind: "refuse", ...status };
  return { kind: "go", says: `There is no ${name} yet, and ${of} can be brought back to ${at}.` };
}

/** Never over anything: what bears the name is this order's copy, or nothing is sent. */
function taken(
  { orderedAt, repeated }: AwsWorld,
  input: RestoreInput,
  copy: MadeDatabase,
): Extract<Check, { kind: "refuse" }> | null {
  const isNew = repeated || copy.createdAt === null || Date.parse(copy.createdAt) >= orderedAt;
  const other = otherThanCopy(copy, input);
  if (isNew && other === null) return null;
  const found = other ?? `it was made at ${copy.createdAt}, before this was ordered`;
  const reason = `There is a database ${input.name} already: it is not this order's copy (${found}).`;
  return { kind: "refuse", guard: "name-taken", reason, release: "A person names another." };
}

async function run(world: AwsWorld, input: RestoreInput): Promise<Run> {
  const { name } = input;
  const read = await seenFirst(() => copyOf(world, input));
  if ("not" in read) return notSeen(world, read.not, longestSeconds);
  const copy = read.seen;
  if (copy !== null)
    return taken(world, input, copy) ?? began(world, longestSeconds, `Found under way: ${name}.`);
  if (world.repeated)
    return began(
      world,
      longestSeconds,
      `There is no ${name}: an earlier attempt at this order, that ended without an answer, may have had it made, and somebody may have deleted it since. Nothing was sent again: it is looked for, and a person gives a new order if it is still wanted.`,
    );
  return sendOnce(world, restoreCall(input, world.target), longestSeconds, {
    taken: `RDS brings back ${name}.`,
    lookedFor: `${name} is looked for.`,
    nothingThere: `there is no ${name}`,
  });
}

async function look(world: AwsWorld, input: RestoreInput, running?: Followed): Promise<Following> {
  const { name } = input;
  const copy = await copyOf(world, input);
  const held = heldOf(running);
  const looked = { name, kind: kindOf(world.target), now: world.clock.now(), running };
  // Before it is there no look asks for its instance, a lost one neither.
  if (copy === null) {
    const says = `${name} was there, and is gone: somebody has deleted it. It is not made again. ${nextCommand({ kind: looked.kind, id: name })}`;
    if (held.copySeen) return { kind: "failed", says };
    const unseen = lookForMade(copy, looked, () => done(input));
    return unseen.kind === "running" ? { ...unseen, handle: { ...held, lostLook: false } } : unseen;
  }
  const other = otherThanCopy(copy, input);
  if (other !== null) return { kind: "failed", says: `${name} is no copy that was made by this: ${other}.` };
  const following = lookForMade(copy, looked, () => done(input));
  const call = memberCall(input, world.target);
  if (following.kind === "ended" && call !== null)
    return withMember(world, input, { call, held, done: () => done(input) }, running);
  if (following.kind !== "running") return following;
  const lostLook = held.lostLook && copy.status !== "creating";
  return { ...following, handle: { ...held, copySeen: true, lostLook } };
}

function done({ name, of, like }: RestoreInput): Following {
  const says = `${name} is available, beside ${of}, ${placementText(like)}, and with the default parameter group. Left to a person: let yourself in to it; compare there what is lost; copy those rows over in one transaction each, newer ones kept (pg_dump --table or mysqldump --where into a table of another name, then INSERT … SELECT what is missing); then delete ${name}, which costs until then.`;
  return { kind: "ended", verdict: { kind: "verified", says } };
}
