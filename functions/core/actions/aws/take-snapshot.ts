import * as z from "zod";
import type { Changeable, SnapshotState } from "../../change-ports.ts";
import type { Target } from "../../contract/target.ts";
import type { Followed } from "../../contract/work-order.ts";
import type { AwsCall } from "../../text/aws-call.ts";
import { callOn, callPreview, rowFor } from "../aws-calls/call-for.ts";
import { statusRefusal } from "../aws-calls/statuses.ts";
import { defineOffer } from "../define.ts";
import { type AwsRun, type AwsWorld, defineAwsAction } from "../define-aws.ts";
import { looksAgain, refuse } from "../signals/refuse.ts";
import { type Check, type Following, type Run, verdictOf } from "../steps.ts";
import { notTheSame } from "./guards.ts";
import { notSeen, seenFirst } from "./seen-first.ts";
import { began, sendOnce } from "./send-once.ts";

/** Letters, digits and hyphens, no two in a row, as RDS takes them. */
const nameSchema = z.string().regex(/^[a-z](?:-?[a-z0-9]){0,254}$/i, "is no name for a snapshot");
const inputSchema = z.strictObject({ of: z.string().min(1), name: nameSchema });
type Input = z.infer<typeof inputSchema>;

/** A27: a copy of the volume as it is now. */
export const takeSnapshotOffer = defineOffer({
  id: "take-snapshot",
  spec: ["A27", "A40"],
  title: "Take a snapshot",
  risk: "safe",
  engines: ["postgres", "mysql", "mariadb"],
  input: inputSchema,
  undo: "Delete the snapshot: a person's decision.",
  preview: (input, target) => callPreview(target, callOf(input, target)),
  describes: ({ of, name }) => `Takes the snapshot ${name} of ${of}`,
  key: ({ of, name }) => `take-snapshot ${of} ${name}`,
});

/** A large volume that was never copied takes hours. */
const longestSeconds = 6 * 3600;

export const takeSnapshot = /* @__PURE__ */ defineAwsAction(takeSnapshotOffer, {
  calls: ["CreateDBSnapshot", "CreateDBClusterSnapshot"],
  preCheck,
  run,
  verify: async (world, input) => verdictOf(await look(world, input)),
  follow: (world, input, running) => look(world, input, running),
} satisfies AwsRun<Input>);

function kindOf(target: Target): Changeable["kind"] {
  const found = rowFor(target, "snapshot");
  return found.is === "row" && found.row.whose === "cluster" ? "cluster" : "instance";
}

function callOf({ name }: Input, target: Target): AwsCall | string {
  const found = rowFor(target, "snapshot");
  if (found.is === "none") return found.because;
  const parameter = kindOf(target) === "cluster" ? "DBClusterSnapshotIdentifier" : "DBSnapshotIdentifier";
  return callOn(found, { [parameter]: name });
}

async function preCheck(world: AwsWorld, input: Input): Promise<Check> {
  const { rds, target, signal } = world;
  const state = await rds.describe({ kind: kindOf(target), id: input.of }, signal);
  if (state === null) return refuse("no-such-database", `RDS knows no ${input.of}.`, looksAgain);
  const another = notTheSame(world, state, input);
  if (another !== null) return another;
  const snapshot = await existing(world, input);
  if (snapshot !== null) {
    return (
      taken(world, input, snapshot, state.resourceId) ?? {
        kind: "go",
        says: `The snapshot ${input.name} is there already, or is being made.`,
      }
    );
  }
  const status = statusRefusal("snapshot", state);
  // By its name it is made once, however often it is sent: a repeat leaves it to RDS.
  if (status !== null && !world.repeated) return { kind: "refuse", ...status };
  return { kind: "go", says: `${input.of} is ${state.status ?? "in an unknown status"}.` };
}

/** A snapshot of that name is this order's when it is of this database, and no older than the order. */
function taken(
  { orderedAt, repeated }: AwsWorld,
  { of, name }: Input,
  snapshot: SnapshotState,
  resourceId: string | null,
): Extract<Check, { kind: "refuse" }> | null {
  const { createdAt } = snapshot;
  const isNew = repeated || (createdAt !== null && Date.parse(createdAt) >= orderedAt);
  const isOfIt = isCopyOf(snapshot, of, resourceId);
  if (isNew && isOfIt) return null;
  const whose = isOfIt ? of : (snapshot.of ?? "another database");
  const begun = createdAt ?? "at a time that was not told";
  return {
    ...{ kind: "refuse", guard: "name-taken" },
    reason: `There is a snapshot ${name} already, of ${whose}, begun ${begun}: it is not this order's.`,
    release: "Lifts by itself in the next hour, after which the next is named; or a person names one.",
  };
}

function isCopyOf(snapshot: SnapshotState, of: string, resourceId: string | null): boolean {
  const another = resourceId !== null && snapshot.resourceId !== null && snapshot.resourceId !== resourceId;
  return snapshot.of === of && !another;
}

function existing({ rds, target, signal }: AwsWorld, { name }: Input): Promise<SnapshotState | null> {
  return rds.snapshot({ kind: kindOf(target), id: name }, signal);
}

/** Its name is the proof that it is this one: RDS takes no second one of that name. */
async function run(world: AwsWorld, input: Input): Promise<Run> {
  const read = await seenFirst(() => existing(world, input));
  if ("not" in read) return notSeen(world, read.not, longestSeconds);
  const there = read.seen;
  if (there !== null)
    return (
      taken(world, input, there, resourceIdOf(world.target)) ??
      began(world, longestSeconds, `Found under way: the snapshot ${input.name}.`)
    );
  const sent = await sendOnce(world, callOf(input, world.target), longestSeconds, {
    taken: `RDS makes the snapshot ${input.name}.`,
    lookedFor: "The snapshot is looked for.",
    nothingThere: "there is no such snapshot",
  });
  const mayBeThere = world.repeated && sent.kind === "refuse" && sent.guard !== "no-such-call";
  return mayBeThere
    ? began(world, longestSeconds, `${sent.reason} One of an earlier attempt is looked for.`)
    : sent;
}

/** The cluster's for Aurora, the instance's else: null where the copy is of the other of the two. */
function resourceIdOf(target: Target): string | null {
  return (kindOf(target) === "cluster") === (target.flavour === "aurora") ? target.resourceId : null;
}

async function look(world: AwsWorld, input: Input, running?: Followed): Promise<Following> {
  const snapshot = await existing(world, input);
  const word = kindOf(world.target) === "cluster" ? "db-cluster-snapshots --db-cluster" : "db-snapshots --db";
  const next = `Next: aws rds describe-${word}-snapshot-identifier ${input.name}`;
  const now = world.clock.now();
  if (snapshot === null) {
    const long = running !== undefined && now - Date.parse(running.startedAt) > 120_000;
    return long
      ? { kind: "failed", says: `There is no snapshot ${input.name}: the call was not taken. ${next}` }
      : { kind: "running", says: `The snapshot ${input.name} cannot be seen yet.` };
  }
  if (!isCopyOf(snapshot, input.of, resourceIdOf(world.target))) {
    const whose = snapshot.of ?? "another database";
    return { kind: "failed", says: `The snapshot ${input.name} is of ${whose}. ${next}` };
  }
  const { status, percent } = snapshot;
  if (status === "available") {
    return { kind: "ended", verdict: { kind: "verified", says: `The snapshot ${input.name} is available.` } };
  }
  if (status !== null && /failed|incompatible|deleting/.test(status))
    return { kind: "failed", says: `The snapshot ${input.name} is ${status}. ${next}` };
  const late = running !== undefined && now >= Date.parse(running.until) ? ` ${next}` : "";
  return {
    kind: "running",
    says: `The snapshot ${input.name} is ${status ?? "in an unknown status"}${percent === null ? "" : ` (${percent} %)`}.${late}`,
  };
}
