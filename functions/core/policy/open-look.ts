import * as z from "zod";
import { actionKeyOf, isRestart } from "../actions/action-key.ts";
import type { GuardSettings, Refusal } from "../contract/work-order.ts";
import type { GateInput } from "./gate-input.ts";

type Seen = NonNullable<GuardSettings["openTransaction"]>;

/** Several looks at one database, or one at each of two. */
const goodMs = 180_000;
const seenSchema = z.looseObject({ openSeconds: z.number().nonnegative().nullable() });

/**
 * What a restart would cut off, by the last look that proposed it and not by the one that a person was shown: while
 * people decide the looking goes on. Null: nothing is restarted.
 */
export function openLook({
  proposal,
  actionKey,
  incident,
  now,
}: Pick<GateInput, "proposal" | "actionKey" | "incident" | "now">): Seen | Refusal | null {
  if (!isRestart(proposal.id)) return null;
  const { diagnosis } = incident;
  const last = diagnosis?.rootCauses
    .flatMap(({ actions }) => actions)
    .find((action) => actionKeyOf(action) === actionKey);
  const seen = seenSchema.safeParse(last?.input).data ?? takenBack(incident, actionKey);
  const at = diagnosis?.diagnosedAt ?? "";
  if (seen !== undefined && now - Date.parse(at) <= goodMs) return { seconds: seen.openSeconds, at };
  return {
    guard: "look-too-old",
    reason: `What a restart would cut off was not looked at just now: ${seen === undefined ? "the last look does not propose it" : `the last look was at ${at}`}.`,
    release: "Lifts by itself with the next look.",
  };
}

/** What takes back no look proposes: there it is what the last look saw of that database. */
function takenBack(
  { diagnosis, actions, target }: GateInput["incident"],
  actionKey: string,
): z.infer<typeof seenSchema> | undefined {
  const back = actions.find(({ key, undoes }) => key === actionKey && undoes !== undefined);
  const open = diagnosis?.openTransaction;
  return back === undefined || open?.of !== (back.database ?? target.name)
    ? undefined
    : { openSeconds: open.seconds };
}
