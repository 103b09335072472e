import type { FailoverRun } from "../contract/failover.ts";
import type { Receipt } from "../contract/incident.ts";
import type { Message } from "../contract/message.ts";
import { ConflictError } from "../errors.ts";
import type { Clock } from "../ports.ts";
import { closedCard } from "./messages.ts";
import type { RunStore } from "./ports.ts";

/** With it begins the id of every run, so that a click on a card says what it belongs to. */
export const runPrefix = "fo-";

export interface FailoverClick {
  readonly run: string;
  readonly decision: "approve" | "decline";
  /** Slack user id, from a request whose signature was verified. */
  readonly by: string;
  /** Of the message whose button it was: it may be an earlier card, which asked for something else. */
  readonly messageTs: string;
}

export interface ClickResult {
  readonly accepted: boolean;
  readonly says: string;
  /** The card as it is to stand from now on, and where. */
  readonly card?: { readonly message: Message; readonly receipt: Receipt };
}

interface DecideFailoverDeps {
  readonly runs: Pick<RunStore, "get" | "save">;
  readonly clock: Pick<Clock, "now">;
  readonly approvers: readonly string[];
}

/** One click on a failover's card. The run finds it at its next look; every check is made again after it. */
export async function decideFailover(click: FailoverClick, deps: DecideFailoverDeps): Promise<ClickResult> {
  if (!deps.approvers.includes(click.by)) return refused(`${click.by} is not in policy.approvers.`);
  for (let attempt = 0; attempt < 6; attempt += 1) {
    const result = await tryOnce(click, deps);
    if (result !== null) return result;
  }
  return refused("The failover was looking at this very moment; click again.");
}

/** Null: somebody else wrote in this moment. */
async function tryOnce(
  { run: id, decision, by, messageTs }: FailoverClick,
  { runs, clock }: DecideFailoverDeps,
): Promise<ClickResult | null> {
  const run = await runs.get(id);
  const asked = run?.approval ?? null;
  if (run === null || asked === null) return refused("This request is not known any more.");
  const at = clock.now();
  const why = whyNot(run, asked, messageTs, at);
  if (why !== null) return refused(why);
  const is = decision === "approve" ? "granted" : "declined";
  try {
    const decided = await runs.save({ ...run, approval: { ...asked, is, by, at } });
    const result = { accepted: true, says: is === "granted" ? "Approved." : "Declined." };
    if (asked.card === undefined) return result;
    return { ...result, card: { message: closedCard(decided), receipt: asked.card } };
  } catch (error) {
    if (error instanceof ConflictError) return null;
    throw error;
  }
}

function whyNot(
  { phase }: FailoverRun,
  { is, by, expiresAt, card }: NonNullable<FailoverRun["approval"]>,
  messageTs: string,
  now: number,
): string | null {
  if (is !== "pending") return `This was ${is} by ${by ?? "somebody"}.`;
  const over = phase !== "approve" || now >= expiresAt;
  if (over) return "This request is over: nothing will be done by this click.";
  if (card === undefined || card.ts === messageTs) return null;
  return `This card asks no more: a newer one does, for what stands now (${card.permalink ?? "further down in the thread"}).`;
}

function refused(says: string): ClickResult {
  return { accepted: false, says };
}
