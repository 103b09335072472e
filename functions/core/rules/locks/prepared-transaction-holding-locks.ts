import type { PreparedTransaction } from "../../contract/locks.ts";
import { blockingOf } from "../../facts/blocking.ts";
import { withName } from "../../facts/prepared-names.ts";
import type { View } from "../../facts/view.ts";
import { finishPrepared } from "../../remedies/remedies.ts";
import { duration, list, plural } from "../../text/wording.ts";
import { xaNameText } from "../../text/xa-name.ts";
import { defineRule } from "../define.ts";
import { blockerDraft } from "./blocker-draft.ts";
import { loggedHolderDrafts } from "./logged-holder-draft.ts";

export const preparedTransactionHoldingLocks = defineRule({
  id: "prepared-transaction-holding-locks",
  spec: ["D4", "D8", "A5"],
  category: "locks",
  title: "A prepared transaction without a session holds locks that others wait for",
  needs: ["postgres-blocking", "mysql-row-locks", "mariadb-row-locks", "mysql-metadata-locks"],
  evaluate: (view) => {
    const blocking = blockingOf(view);
    const seen = blocking.blockers.flatMap((blocker) => {
      const { kind } = blocker;
      if (kind !== "prepared" || blocker.prepared === null) return [];
      const prepared = withName(view, blocker.prepared);
      const owner = prepared.owner === null ? "" : `, owner ${prepared.owner}`;
      return [
        blockerDraft(view, blocking, blocker, {
          who: `Prepared transaction ${prepared.gid} (${duration(prepared.ageSeconds)} old${owner}), which has no session to kill,`,
          confidence: 0.95,
          notes: [
            "it must be committed or rolled back by whoever coordinates it",
            ...nameNotes(view, prepared),
          ],
          explains: [],
          actions: [finishPrepared(view, prepared)],
        }),
      ];
    });
    return [...seen, ...loggedHolderDrafts(view, "prepared")];
  },
});

function nameNotes(view: View, { gid, candidates }: PreparedTransaction): readonly string[] {
  if (view.evidence.target.engine === "postgres") return [];
  const name = xaNameText(gid);
  if (name !== null) return [`XA RECOVER names it: ${name}`];
  if (candidates === undefined)
    return ["its name was not seen: XA RECOVER lists it, on MySQL to XA_RECOVER_ADMIN"];
  const named = candidates.map((id) => xaNameText(id) ?? id);
  const told = list(named.slice(0, 5));
  return [`InnoDB does not say which of ${plural(named.length, "prepared XA transaction")} it is: ${told}`];
}
