import { capacityOf, takenText } from "../../facts/capacity.ts";
import { largestHolders } from "../../facts/connection-families.ts";
import { countsByState } from "../../facts/connection-groups.ts";
import { outsideCapacity, shareText } from "../../facts/connection-limit.ts";
import { connectionsBefore } from "../../facts/connections-before.ts";
import { latestMetric } from "../../facts/latest-metric.ts";
import { loweredLimit } from "../../facts/lowered-limit.ts";
import { isOwnLimit, nearlyFull } from "../../facts/no-slot-left.ts";
import { type SlotRefusals, slotRefusals } from "../../facts/slot-refusals.ts";
import type { View } from "../../facts/view.ts";
import { freeIdleConnections } from "../../remedies/connection-remedies.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { ownLimitDrafts } from "./own-limit-draft.ts";

export const tooManyConnections = defineRule({
  id: "too-many-connections",
  spec: ["D4", "P0"],
  category: "connections",
  title: "No connection slot is left; new clients are refused",
  needs: [
    "connection",
    "postgres-server",
    "mysql-server",
    "postgres-connections",
    "mysql-connections",
    "postgres-own-limits",
    "DatabaseConnections",
  ],
  evaluate: (view) => [...ownLimitDrafts(view), ...allTaken(view)],
});

function allTaken(view: View): readonly FindingDraft[] {
  const { failedStep, detail } = view.evidence.connection;
  const refused = failedStep === "no-free-slot";
  const capacity = capacityOf(view);
  const others = refused ? null : slotRefusals(view);
  if (!refused && others === null && capacity?.level !== "full") return [];
  if (refused && isOwnLimit(view)) return [ownDraft(view)];
  const doubt = others === null ? null : doubtOf(view, others);
  const lowered = loweredLimit(view);
  const text = others === null ? summaryOf(view, refused) : othersText(view, others, doubt);
  return [
    {
      subject: "",
      severity: doubt === null ? "P1" : "P2",
      confidence: confidenceOf(doubt),
      summary: `${text}${lowered?.says ?? ""}`,
      evidence: [
        ...(refused ? [{ source: "connection", says: detail ?? "refused for want of a slot" }] : []),
        ...largestHolders(view.connections ?? [])
          .slice(0, 3)
          .map((says) => ({ source: "connections", says })),
        ...(lowered?.evidence ?? []),
      ],
      explains: [],
      actions: lowered === null ? freeIdleConnections(view) : [],
    },
  ];
}

function confidenceOf(doubt: Doubt): number {
  if (doubt === null) return 0.97;
  return doubt === "over" ? 0.8 : 0.4;
}

/** By a look inside, or as far as CloudWatch's count tells. */
function isFull(view: View): boolean {
  const inside = capacityOf(view);
  if (inside !== null) return inside.level === "full";
  const outside = outsideCapacity(view);
  return outside?.limit != null && outside.used >= nearlyFull * outside.limit;
}

function ownDraft({ evidence: { connection } }: View): FindingDraft {
  return {
    subject: "own",
    severity: "P2",
    confidence: 0.9,
    summary:
      "The responder was refused by a limit of its own account, role or database: the server may have slots for others",
    evidence: [{ source: "connection", says: connection.detail ?? "refused" }],
    explains: [],
    actions: [],
  };
}

const refusedWords = {
  now: "New clients are refused, no slot is left",
  over: "New clients were refused for want of a slot",
  doubted: "Lines of the log that a client may have written say that no slot is left",
} as const;

type Doubt = "over" | "doubted" | null;

/** Whether it is so now, by what others were told. */
function doubtOf(view: View, { goesOn, doubted }: SlotRefusals): Doubt {
  if (isFull(view)) return null;
  if (doubted) return "doubted";
  return goesOn ? null : "over";
}

/** Others are refused, and the responder got in, or did not get so far. */
function othersText(view: View, { says }: SlotRefusals, doubt: Doubt): string {
  const refused = `${refusedWords[doubt ?? "now"]}: ${says}`;
  const capacity = capacityOf(view);
  if (capacity !== null)
    return `${refused}; ${takenText(capacity)}: ${countsByState(view.connections ?? [])}`;
  const outside = outsideCapacity(view);
  const share = outside === null ? null : shareText(outside);
  const counted =
    outside === null
      ? ""
      : `; CloudWatch counts ${outside.used} connections${share === null ? "" : `, ${share} (${outside.because})`}`;
  return `${refused}${counted}${connectionsBefore(view)}; who holds them could not be seen`;
}

function summaryOf(view: View, refused: boolean): string {
  const capacity = capacityOf(view);
  const others = slotRefusals(view);
  const numbers =
    capacity === null
      ? `${others === null ? "" : `others are refused, too: ${others.says}; `}${countedText(view)}who holds the connections could not be seen from inside`
      : `${takenText(capacity)}: ${countsByState(view.connections ?? [])}`;
  return refused
    ? `Every connection slot is taken: the responder itself was refused; ${numbers}`
    : `Every connection slot is taken, new clients are refused: ${numbers}`;
}

function countedText({ evidence }: View): string {
  const counted = latestMetric(evidence, ["DatabaseConnections"]);
  return counted === null ? "" : `CloudWatch counts ${Math.round(counted.value)}, and `;
}
