import * as z from "zod";
import type { MadeDatabase } from "../../change-ports.ts";
import type { Target } from "../../contract/target.ts";
import type { Followed } from "../../contract/work-order.ts";
import type { AwsCall } from "../../text/aws-call.ts";
import { callPreview } from "../aws-calls/call-for.ts";
import { defineOffer } from "../define.ts";
import { type AwsRun, type AwsWorld, defineAwsAction } from "../define-aws.ts";
import { looksAgain, refuse } from "../signals/refuse.ts";
import { type Check, type Following, type Run, verdictOf } from "../steps.ts";
import { isReaderOf } from "./add-reader.ts";
import { madeNameSchema, madeTag } from "./made.ts";
import { placementSchema } from "./placement.ts";
import { nextCommand } from "./progress.ts";
import { notSeen, seenFirst } from "./seen-first.ts";
import { began, sendOnce } from "./send-once.ts";

const inputSchema = z.strictObject({
  /** The cluster or instance whose reader it is. */
  of: z.string().min(1),
  name: madeNameSchema,
  /** Of the reader: another one that was made anew by that name is not it. */
  resourceId: z.string().min(1),
  /** For the way back. */
  instanceClass: z.string(),
  /** How it lies, for adding it again. */
  like: placementSchema.nullable().default(null),
});
type Input = z.infer<typeof inputSchema>;

/** A22: takes away a reader that the responder made, and no other. */
export const removeReaderOffer = defineOffer({
  id: "remove-reader",
  spec: ["A22", "A40"],
  title: "Remove the reader",
  risk: "disruptive",
  engines: ["postgres", "mysql", "mariadb"],
  input: inputSchema,
  undo: "Add a reader again (add-reader): it is made anew.",
  preview: (input, target) => callPreview(target, callOf(input)),
  describes: ({ of, name }) =>
    `Removes ${name}, which the responder added to ${of}; whoever reads there is cut off`,
  key: ({ name, resourceId }) => `remove-reader ${name} ${resourceId}`,
});

const longestSeconds = 3600;

export const removeReader = /* @__PURE__ */ defineAwsAction(removeReaderOffer, {
  calls: ["DeleteDBInstance"],
  preCheck,
  run,
  verify: async (world, input) => verdictOf(await look(world, input)),
  follow: look,
} satisfies AwsRun<Input>);

/** A replica has nothing of its own that a last snapshot could keep. */
function callOf({ name }: Input): AwsCall {
  return { operation: "DeleteDBInstance", input: { DBInstanceIdentifier: name, SkipFinalSnapshot: true } };
}

async function preCheck(world: AwsWorld, input: Input): Promise<Check> {
  const { target, repeated } = world;
  const made = await readerOf(world, input);
  if (isGoing(made, input)) {
    const says = `${input.name} is being deleted already, and is not gone yet.`;
    return repeated ? { kind: "go", says } : { kind: "already-done", says, unproved: true };
  }
  if (made === null) return { kind: "already-done", says: `There is no ${input.name} any more.` };
  const why = notRemovable(made, input, target);
  return why === null
    ? {
        kind: "go",
        says: `${input.name} is ${made.status ?? "in an unknown status"}, a reader that the responder made.`,
      }
    : refuse("not-our-reader", why, looksAgain);
}

function readerOf({ rds, signal }: AwsWorld, { name }: Input): Promise<MadeDatabase | null> {
  return rds.made({ kind: "instance", id: name }, signal);
}

function isGoing(made: MadeDatabase | null, { resourceId }: Input): boolean {
  return made?.status === "deleting" && made.resourceId === resourceId;
}

/** RDS refuses a second call while the first one goes on: its refusal would hide that. */
async function run(world: AwsWorld, input: Input): Promise<Run> {
  const read = await seenFirst(() => readerOf(world, input));
  if ("not" in read) return notSeen(world, read.not, longestSeconds);
  if (isGoing(read.seen, input))
    return began(world, longestSeconds, `Found under way: ${input.name} is being deleted.`);
  return sendOnce(world, callOf(input), longestSeconds, {
    taken: `RDS removes ${input.name}.`,
    lookedFor: `Whether ${input.name} goes is looked for.`,
    nothingThere: "it is not being removed",
  });
}

function notRemovable(made: MadeDatabase, { of, name, resourceId }: Input, target: Target): string | null {
  const own = target.flavour === "aurora" ? target.clusterId : target.name;
  if (of !== own) return `${of} is not the database that this was permitted for.`;
  if (made.resourceId !== resourceId) return `${name} is another instance by now.`;
  if (made.isProtected === true) return `${name} is protected against deletion.`;
  // Whoever writes, or was promoted, is no reader any more; where that cannot be told it is not removed either.
  if (target.flavour === "aurora" && made.isWriter !== false)
    return `${name} is, or may be, the writer of ${of}.`;
  if (!isReaderOf(made, of, target))
    return `${name} is no reader of ${of} with the tag ${madeTag}=reader: the responder removes only what it made.`;
  return null;
}

async function look(world: AwsWorld, input: Input, running?: Followed): Promise<Following> {
  const { clock } = world;
  const { of, name, instanceClass, resourceId, like } = input;
  const made = await readerOf(world, input);
  if (made === null || made.resourceId !== resourceId) {
    return {
      ...{ kind: "ended", verdict: { kind: "verified", says: `There is no ${name} any more.` } },
      undo: { actionId: "add-reader", input: { of, name, instanceClass, like } },
    };
  }
  const told = `${name} is ${made.status ?? "in an unknown status"}.`;
  const next = nextCommand({ kind: "instance", id: name });
  const long = running !== undefined && clock.now() - Date.parse(running.startedAt) > 300_000;
  if (made.status !== "deleting" && long)
    return { kind: "failed", says: `${told} The call was not taken. ${next}` };
  return { kind: "running", says: told };
}
