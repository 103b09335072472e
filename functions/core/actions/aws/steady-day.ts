import type { Changeable } from "../../change-ports.ts";
import { AwsError } from "../../errors.ts";
import type { AwsWorld } from "../define-aws.ts";

const dayMs = 86_400_000;

/**
 * Why a day's readings are not those of what is there now; null: nothing tells so. Which class it was before RDS does not
 * say: a share of a larger one would be read as less. `own`: so many are the growth that is taken back, before which it was
 * smaller. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html
 */
export async function unsteady(
  { rds, clock, signal }: AwsWorld,
  of: readonly Pick<Changeable, "kind" | "id">[],
  moved: RegExp,
  own = 0,
): Promise<string | null> {
  const since = clock.now() - dayMs;
  try {
    for (const one of of) {
      const all = (await rds.events(one, since, signal)).filter(({ says }) => moved.test(says));
      const ended = all.filter(({ says }) => /finished/i.test(says));
      const begun = all.filter((event) => !ended.includes(event));
      const told = begun[own] ?? ended[own];
      if (told !== undefined) return `of ${one.id} RDS says at ${told.at}: ${told.says}`;
    }
    return null;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return `what happened to it meanwhile could not be asked (${error.code})`;
  }
}

export const classMoved = /instance class/i;
export const writerMoved = /failover|promot/i;

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
