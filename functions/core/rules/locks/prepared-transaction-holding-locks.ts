import { blockingOf } from "../../facts/blocking.ts";
import { finishPrepared } from "../../remedies/remedies.ts";
import { duration } from "../../text/wording.ts";
import { defineRule } from "../define.ts";
import { blockerDraft } from "./blocker-draft.ts";

export const preparedTransactionHoldingLocks = defineRule({
  id: "prepared-transaction-holding-locks",
  spec: ["D4", "D8", "A5"],
  category: "locks",
  title: "A prepared transaction without a session holds locks that others wait for",
  needs: ["postgres-blocking", "mysql-row-locks", "mariadb-row-locks", "mysql-metadata-locks"],
  evaluate: (view) => {
    const blocking = blockingOf(view);
    return blocking.blockers.flatMap((blocker) => {
      const { kind, prepared } = blocker;
      if (kind !== "prepared" || prepared === null) return [];
      const owner = prepared.owner === null ? "" : `, owner ${prepared.owner}`;
      return [
        blockerDraft(view, blocking, blocker, {
          who: `Prepared transaction ${prepared.gid} (${duration(prepared.ageSeconds)} old${owner}), which has no session to kill,`,
          confidence: 0.95,
          notes: ["it must be committed or rolled back by whoever coordinates it"],
          explains: [],
          actions: [finishPrepared(view, prepared)],
        }),
      ];
    });
  },
});
