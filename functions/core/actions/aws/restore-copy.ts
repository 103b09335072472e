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
import { isMadeAs, otherThanCopy } from "./made.ts";
import { placementText } from "./placement.ts";
import { kindOf, memberCall, type RestoreInput, restoreCall, restoreInputSchema } from "./restore-calls.ts";
import { notSeen, seenFirst } from "./seen-first.ts";
import { sendCall } from "./send-call.ts";
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
  const sent = await sendOnce(world, restoreCall(input, world.target), longestSeconds, {
    taken: `RDS brings back ${name}.`,
    lookedFor: `${name} is looked for.`,
    nothingThere: `there is no ${name}`,
  });
  const mayBeThere =
    world.repeated && sent.kind === "refuse" && !["order-expired", "no-such-call"].includes(sent.guard);
  return mayBeThere
    ? began(world, longestSeconds, `${sent.reason} One of an earlier attempt is looked for.`)
    : sent;
}

async function look(world: AwsWorld, input: RestoreInput, running?: Followed): Promise<Following> {
  const copy = await copyOf(world, input);
  const looked = { name: input.name, kind: kindOf(world.target), now: world.clock.now(), running };
  const other = copy === null ? null : otherThanCopy(copy, input);
  if (other !== null)
    return { kind: "failed", says: `${input.name} is no copy that was made by this: ${other}.` };
  const following = lookForMade(copy, looked, () => done(input));
  const member = memberCall(input, world.target);
  return following.kind === "ended" && member !== null
    ? withMember(world, input, member, running)
    : following;
}

/** By its name it is made once, and its name proves nothing; sent only while the responder may act. */
async function withMember(
  world: AwsWorld,
  input: RestoreInput,
  member: AwsCall,
  running: Followed | undefined,
): Promise<Following> {
  const name = `${input.name}-1`;
  const made = await world.rds.made({ kind: "instance", id: name }, world.signal);
  if (made !== null) {
    if (!isMadeAs(made, "copy") || made.clusterId !== input.name) {
      const says = `${input.name} is there, without an instance: ${name} is another's, and not in it. A person adds one of another name.`;
      return { kind: "failed", says };
    }
    const looked = { name, kind: "instance", now: world.clock.now(), running } as const;
    return lookForMade(made, looked, () => done(input));
  }
  const next = `Next: ${stepText(member, world.target.region)}`;
  // Once nobody waits for it any more, nobody would look what comes of it: a person sends it.
  const isOver = running === undefined || world.clock.now() >= Date.parse(running.until);
  if (isOver || !running.mayTidy || world.onlyLook)
    return { kind: "running", says: `${input.name} is there, without an instance to read it by. ${next}` };
  const sent = await sendCall(world, member);
  if (sent.is === "refused" && /^DBInstanceAlreadyExists(Fault)?$/.test(sent.code))
    return { kind: "running", says: `${name} is there, and cannot be seen yet: ${sent.reason}` };
  return sent.is === "refused" && sent.guard !== "rds-not-now"
    ? { kind: "failed", says: `${input.name} is there, without an instance: ${sent.reason} ${next}` }
    : { kind: "running", says: `${input.name} is there; ${name}, by which it is read, is being made.` };
}

function done({ name, of, like }: RestoreInput): Following {
  const says = `${name} is available, beside ${of}, ${placementText(like)}, and with the default parameter group. Left to a person: let yourself in to it; compare there what is lost; copy those rows over in one transaction each, newer ones kept (pg_dump --table or mysqldump --where into a table of another name, then INSERT … SELECT what is missing); then delete ${name}, which costs until then.`;
  return { kind: "ended", verdict: { kind: "verified", says } };
}
