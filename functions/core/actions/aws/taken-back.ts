import * as z from "zod";
import type { Followed } from "../../contract/work-order.ts";
import type { AwsWorld } from "../define-aws.ts";
import type { Following, Run, TakesBack } from "../steps.ts";
import type { Standing } from "./progress.ts";

const handleSchema = z.object({
  back: z.object({ actionId: z.string(), input: z.json() }).nullable(),
  /** Of the wanted values those that were there before: they prove nothing. */
  there: z.array(z.string()).default([]),
});

/** What takes it back travels with what was begun: at its end what was there before cannot be seen any more. */
export function withBack(run: Run, back: TakesBack, there: readonly string[]): Run {
  return run.kind === "began" ? { ...run, handle: { back, there: [...there] }, undo: back } : run;
}

/**
 * Of what is there or may still come, also where nobody waits for it any longer; of a failure where some of it is there.
 * `byOrder`: what the order alone tells, of what was begun by an attempt that nobody has heard of.
 */
export function backAtEnd(
  { following, there }: Standing,
  { handle }: Followed,
  byOrder: TakesBack,
): Following {
  if (following.kind === "not-begun") return following;
  const { data } = handleSchema.safeParse(handle);
  const isChanged = following.kind !== "failed" || there.some((name) => data?.there.includes(name) !== true);
  const back = data === undefined ? byOrder : data.back;
  return { ...following, undo: isChanged ? back : null };
}

/** The same in every attempt, and before whatever any of them has sent. */
export function orderedAt(world: AwsWorld): string {
  return new Date(world.orderedAt).toISOString();
}
