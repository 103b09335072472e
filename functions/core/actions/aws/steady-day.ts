import type { Changeable } from "../../change-ports.ts";
import { AwsError } from "../../errors.ts";
import type { AwsWorld } from "../define-aws.ts";

const dayMs = 86_400_000;

/** The growth that is taken back: since when, and whose events tell of it. */
export interface Grown {
  readonly at: string;
  readonly of: readonly string[];
}

/**
 * Why a day's readings are not those of what is there now; null: nothing tells so. Which class it was before RDS does not
 * say: a share of a larger one would be read as less. Only the growth that is taken back passes, before which it was
 * smaller. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html
 */
export async function unsteady(
  { rds, clock, signal }: AwsWorld,
  of: readonly Pick<Changeable, "kind" | "id">[],
  moved: RegExp,
  grown: Grown | null = null,
): Promise<string | null> {
  const since = clock.now() - dayMs;
  try {
    for (const one of of) {
      const all = (await rds.events(one, since, signal)).filter(({ says }) => moved.test(says));
      const [told] = grown?.of.includes(one.id) ? withoutGrowth(all, grown.at) : all;
      if (told !== undefined) return `of ${one.id} RDS says at ${told.at}: ${told.says}`;
    }
    return null;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return `what happened to it meanwhile could not be asked (${error.code})`;
  }
}

type Event = Awaited<ReturnType<AwsWorld["rds"]["events"]>>[number];

/** Its beginning and its end are the first of their kind since it was ordered; what is older, or comes after, is another's. */
function withoutGrowth(events: readonly Event[], at: string): readonly Event[] {
  const isEnd = (says: string) => /finished/i.test(says);
  const first = (end: boolean) =>
    events.findIndex((event) => Date.parse(event.at) >= Date.parse(at) && isEnd(event.says) === end);
  const own = [first(false), first(true)];
  return events.filter((_, index) => !own.includes(index));
}

export const classMoved = /instance class/i;
export const writerMoved = /failover|promot/i;

/** Who shared the load, each with its class; a string: why that is not known. */
export async function classesOf(
  { rds, signal }: AwsWorld,
  { members }: Changeable,
): Promise<readonly Of[] | string> {
  const found: Of[] = [];
  for (const id of members) {
    const instance = await rds.describe({ kind: "instance", id }, signal);
    const instanceClass = instance?.has["DBInstanceClass"];
    if (typeof instanceClass !== "string") return `the class of ${id} is not told`;
    found.push({ id, instanceClass });
  }
  return found;
}

export interface Of {
  readonly id: string;
  readonly instanceClass: string;
}

/** Whoever may have been the writer: a reader's day is not the writer's. A string: why they are not known. */
export async function sharers(
  { rds, target, signal }: AwsWorld,
  state: Changeable,
): Promise<Changeable | string> {
  if (state.kind === "cluster" || state.clusterId === null || target.flavour !== "aurora") return state;
  const id = state.clusterId;
  try {
    return (await rds.describe({ kind: "cluster", id }, signal)) ?? `RDS knows no ${id}`;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return `the members of ${id} could not be asked for (${error.code})`;
  }
}
