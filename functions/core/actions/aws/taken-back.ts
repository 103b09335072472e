import * as z from "zod";
import type { Followed } from "../../contract/work-order.ts";
import type { AwsWorld } from "../define-aws.ts";
import type { Following, Run, TakesBack } from "../steps.ts";

const handleSchema = z.object({ back: z.object({ actionId: z.string(), input: z.json() }).nullable() });

/** What takes it back travels with what was begun: at its end what was there before cannot be seen any more. */
export function withBack(run: Run, back: TakesBack): Run {
  return run.kind === "began" ? { ...run, handle: { back }, undo: back } : run;
}

/** `byOrder`: what the order alone tells, of what was begun by an attempt that nobody has heard of. */
export function backAtEnd(following: Following, { handle }: Followed, byOrder: TakesBack): Following {
  if (following.kind !== "ended") return following;
  const known = handleSchema.safeParse(handle);
  return { ...following, undo: known.success ? known.data.back : byOrder };
}

/** The same in every attempt, and before whatever any of them has sent. */
export function orderedAt(world: AwsWorld): string {
  return new Date(world.orderedAt).toISOString();
}
