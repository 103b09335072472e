import * as z from "zod";
import type { MadeDatabase } from "../../change-ports.ts";
import type { Target } from "../../contract/target.ts";
import type { Followed } from "../../contract/work-order.ts";
import type { AwsCall } from "../../text/aws-call.ts";
import { callOn, callPreview, rowFor } from "../aws-calls/call-for.ts";
import { statusRefusal } from "../aws-calls/statuses.ts";
import { defineOffer } from "../define.ts";
import { type AwsRun, type AwsWorld, defineAwsAction } from "../define-aws.ts";
import { looksAgain, refuse } from "../signals/refuse.ts";
import { type Check, type Following, type Run, type TakesBack, verdictOf } from "../steps.ts";
import { aboveCeiling } from "./class-ceiling.ts";
import { notTheSame } from "./guards.ts";
import { lookForMade } from "./look-for-made.ts";
import { isMadeAs, madeNameSchema, madeTags } from "./made.ts";
import { placed, placementSchema, placementText } from "./placement.ts";
import { notSeen, seenFirst } from "./seen-first.ts";
import { sendOnce } from "./send-once.ts";

const inputSchema = z.strictObject({
  /** The cluster of Aurora, or the instance, that gets a reader. */
  of: z.string().min(1),
  name: madeNameSchema,
  instanceClass: z.string().regex(/^db\.[a-z0-9.-]+$/),
  /** How its source was seen to lie; null: not seen. */
  like: placementSchema.nullable().default(null),
});
type Input = z.infer<typeof inputSchema>;

/** A22: another instance through which the same data are read. */
export const addReaderOffer = defineOffer({
  id: "add-reader",
  spec: ["A22", "A40"],
  title: "Add a reader",
  risk: "disruptive",
  engines: ["postgres", "mysql", "mariadb"],
  input: inputSchema,
  undo: "Remove it again (remove-reader).",
  preview: (input, target) => callPreview(target, callOf(input, target)),
  describes: ({ of, name, instanceClass }) => `Adds the reader ${name} (${instanceClass}) to ${of}`,
  key: ({ of, name }) => `add-reader ${of} ${name}`,
});

/** A replica begins with a copy of the whole volume. */
const longestSeconds = 4 * 3600;

export const addReader = /* @__PURE__ */ defineAwsAction(addReaderOffer, {
  calls: ["CreateDBInstance", "CreateDBInstanceReadReplica"],
  preCheck,
  run,
  verify: async (world, input) => verdictOf(await look(world, input)),
  follow: look,
} satisfies AwsRun<Input>);

function purposeOf({ flavour }: Target): "add-instance" | "add-replica" {
  return flavour === "aurora" ? "add-instance" : "add-replica";
}

function callOf({ name, instanceClass, like }: Input, target: Target): AwsCall | string {
  const found = rowFor(target, purposeOf(target));
  if (found.is === "none") return found.because;
  const made = { DBInstanceIdentifier: name, DBInstanceClass: instanceClass, Tags: madeTags("reader") };
  if (target.flavour !== "aurora") return callOn(found, { ...made, ...placed(like, "replica") });
  const Engine = target.engine === "postgres" ? "aurora-postgresql" : "aurora-mysql";
  return callOn(found, { ...made, Engine, ...placed(like, "aurora-member") });
}

async function preCheck(world: AwsWorld, input: Input): Promise<Check> {
  const { rds, target, signal } = world;
  const kind = target.flavour === "aurora" ? "cluster" : "instance";
  const state = await rds.describe({ kind, id: input.of }, signal);
  if (state === null) return refuse("no-such-database", `RDS knows no ${input.of}.`, looksAgain);
  const against = notTheSame(world, state, input) ?? aboveCeiling(world, input.instanceClass);
  if (against !== null) return against;
  const there = await existing(world, input);
  if (there !== null) return taken(world, input, there) ?? goes(`${input.name} is there, or is being made.`);
  const status = statusRefusal(purposeOf(target), state);
  // By its name it is made once, however often it is sent: a repeat leaves it to RDS.
  if (status !== null && !world.repeated) return { kind: "refuse", ...status };
  return goes(`${input.of} is ${state.status ?? "in an unknown status"}.`);
}

function goes(says: string): Check {
  return { kind: "go", says };
}

function existing({ rds, signal }: AwsWorld, { name }: Input): Promise<MadeDatabase | null> {
  return rds.made({ kind: "instance", id: name }, signal);
}

/** Of that name, and this order's: made as a reader of this database, and no older than the order. */
function taken(
  { orderedAt, repeated, target }: AwsWorld,
  { of, name }: Input,
  there: MadeDatabase,
): Extract<Check, { kind: "refuse" }> | null {
  const isNew = repeated || there.createdAt === null || Date.parse(there.createdAt) >= orderedAt;
  if (isNew && isReaderOf(there, of, target)) return null;
  return {
    ...{ kind: "refuse", guard: "name-taken" },
    reason: `There is an instance ${name} already: it is not this order's.`,
    release: "A person names another.",
  };
}

export function isReaderOf(made: MadeDatabase, of: string, { flavour }: Target): boolean {
  const whose = flavour === "aurora" ? made.clusterId : made.sourceId;
  return isMadeAs(made, "reader") && whose === of && made.isWriter !== true;
}

async function run(world: AwsWorld, input: Input): Promise<Run> {
  const read = await seenFirst(() => existing(world, input));
  if ("not" in read) return notSeen(world, read.not, longestSeconds);
  const there = read.seen;
  if (there !== null) {
    const another = taken(world, input, there);
    if (another !== null) return another;
    return found(world, `Found under way: ${input.name}.`);
  }
  const sent = await sendOnce(world, callOf(input, world.target), longestSeconds, {
    taken: `RDS makes ${input.name}.`,
    lookedFor: `${input.name} is looked for.`,
    nothingThere: `there is no ${input.name}`,
  });
  const mayBeThere = world.repeated && sent.kind === "refuse" && sent.guard !== "no-such-call";
  return mayBeThere ? found(world, `${sent.reason} One of an earlier attempt is looked for.`) : sent;
}

function found({ clock }: AwsWorld, says: string): Run {
  const until = new Date(clock.now() + longestSeconds * 1000).toISOString();
  return { kind: "began", says, until, handle: {} };
}

/** It was there at an earlier look. */
const seenSchema = z.object({ seen: z.literal(true) });

async function look(world: AwsWorld, input: Input, running?: Followed): Promise<Following> {
  const made = await existing(world, input);
  if (made !== null && !isReaderOf(made, input.of, world.target))
    return { kind: "failed", says: `${input.name} is no reader of ${input.of} that was made by this.` };
  const lies = world.target.flavour === "aurora" ? "" : `, ${placementText(input.like)}`;
  const says = `${input.name} is available as a reader of ${input.of}${lies}; whoever reads has to be led to it.`;
  if (made === null && seenSchema.safeParse(running?.handle).success) {
    const gone = `${input.name} was there, and is gone: somebody has deleted it. It is not made again.`;
    return { kind: "failed", says: gone };
  }
  const looked = { ...input, kind: "instance", now: world.clock.now(), running } as const;
  const following = lookForMade(made, looked, () => ({ kind: "ended", verdict: { kind: "verified", says } }));
  // However it ends: what is there costs until it is removed.
  const undo = undoOf(input, made);
  if (following.kind === "not-begun") return following;
  return following.kind === "running" && made !== null
    ? { ...following, undo, handle: { seen: true } }
    : { ...following, undo };
}

function undoOf({ of, name, instanceClass, like }: Input, made: MadeDatabase | null): TakesBack {
  const resourceId = made?.resourceId ?? null;
  if (resourceId === null) return null;
  return { actionId: "remove-reader", input: { of, name, resourceId, instanceClass, like } };
}
