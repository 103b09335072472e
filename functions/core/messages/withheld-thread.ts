import type { HeldBack } from "../contract/held-back.ts";
import type { Incident, IncidentAction } from "../contract/incident.ts";
import type { Message } from "../contract/message.ts";
import { note } from "./sections.ts";
import { withheldMessage } from "./withheld-message.ts";
import { clockTime } from "./wording.ts";

interface WithheldEntry {
  readonly key: string;
  readonly message: Message;
  /** Key under which the message went out that this one replaces. */
  readonly edits: string | null;
  readonly at: string;
}

/** The count is told at these only: an edit for each look would be one every twenty seconds. */
const told = [1000, 500, 200, 100, 50, 20, 10, 5, 3, 2];

/** Whether it is one of those that a guard held back, before the order or after it, and that are told as a number. */
export function isCounted(incident: Incident, action: IncidentAction): boolean {
  return guardOf(action) !== null && kindOf(incident, action) !== undefined;
}

function guardOf({ status, outcome, refusal }: IncidentAction): string | null {
  if (status === "withheld") return refusal?.guard ?? "mode";
  return status === "finished" && outcome?.status === "refused" ? (outcome.refusal?.guard ?? null) : null;
}

function kindOf({ heldBack }: Incident, action: IncidentAction): HeldBack | undefined {
  const guard = guardOf(action);
  return heldBack.find((one) => one.actionId === action.proposal.id && one.guard === guard);
}

/**
 * What a guard held back is one message for all that it held back, edited as the count grows: blockers that take
 * turns must not fill the thread. `result` is what the acting function answered, when it was the one that said no.
 */
export function withheldEntry(
  incident: Incident,
  action: IncidentAction,
  result: Message | null,
): WithheldEntry | null {
  const guard = guardOf(action);
  if (guard === null) return null;
  const message = result ?? withheldMessage(incident, action);
  const at = action.updatedAt;
  const kind = kindOf(incident, action);
  const first = `withheld:${kind?.firstKey ?? action.key}:${guard}`;
  if (kind === undefined) return { key: first, message, edits: null, at };
  // The newest stands for its kind.
  if (kind.keys.at(-1) !== action.key) return null;
  const bucket = told.find((count) => kind.count >= count);
  if (bucket === undefined) return { key: first, message, edits: null, at };
  const out = [first, ...told.map((count) => `${first}:${count}`)].filter(
    (key) => incident.receipts[key] !== undefined,
  );
  const counted = { ...message, sections: [...message.sections, note(countText(kind))] };
  const key = `${first}:${bucket}`;
  return { key, message: counted, edits: out.find((known) => known !== key) ?? null, at };
}

function countText({ count, different, firstAt }: HeldBack): string {
  const which = different === 1 ? "the same one" : `${different} different ones, this is the newest`;
  return `Held back ${count} times since ${clockTime(firstAt)}: ${which}.`;
}
