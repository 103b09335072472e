import type { NeverAloneKind } from "../contract/proof.ts";
import { blockerProofs } from "../facts/blocker-proofs.ts";
import type { Blocker } from "../facts/blocking.ts";
import type { LockMember } from "../facts/lock-graph.ts";
import type { View } from "../facts/view.ts";
import { wholeTable } from "../text/whole-table.ts";
import { plural } from "../text/wording.ts";
import type { Relief } from "./remedies.ts";

/** Who is freed, and who still would not be. */
export function reliefOf(view: View, blocker: Blocker, also: readonly string[] = []): Relief {
  const { holders, freesAlone, perhapsShared, onPurpose, member, ripeness } = blocker;
  const neverAlone = standsForOthers(member) ?? (blocker.wantedToKeep ? "advisory-lock" : null);
  const all = freesAlone === 0 ? "before anybody is free" : "before all are free";
  const besideText =
    holders === 1
      ? []
      : [
          `${plural(holders - 1, "other session holds", "other sessions hold")} the same lock and must end too ${all}`,
        ];
  return {
    frees: freesAlone > 0 && perhapsShared > 0 ? null : freesAlone,
    // A long rollback is weighed against it: only what is known counts.
    longestWaitSeconds: member.longestWaitSeconds ?? 0,
    onPurpose,
    also: [...besideText, ...sharersText(perhapsShared), ...innodbText(view, blocker), ...also],
    proofs: blockerProofs(view, blocker),
    ...(ripeness.ripe ? {} : { tooYoung: ripeness.because }),
    ...(neverAlone === null ? {} : { neverAlone }),
  };
}

function sharersText(sharers: number): readonly string[] {
  if (sharers === 0) return [];
  return [
    `${plural(sharers, "other transaction has", "other transactions have")} locked or changed rows, and may share this one (FOR SHARE, a foreign key) or have the next that is wanted, which the server does not show: whether anybody goes on is not known`,
  ];
}

/** https://dev.mysql.com/doc/refman/8.4/en/innodb-locks-set.html */
function innodbText(view: View, { perhapsInserted }: Blocker): readonly string[] {
  if (view.evidence.target.engine === "postgres" || !perhapsInserted) return [];
  return [
    "if it has inserted what is waited for, those who insert the same (by a trigger, too) are rolled back for a deadlock, all but one, and those who refer to it fail",
  ];
}

/**
 * Who holds an advisory or named lock may be a leader or a job at work, whatever else is waited for. So may who has locked
 * tables or the server by name: a backup, or a tool that rebuilds a table, which has often changed no row.
 */
function standsForOthers({ holds }: LockMember): NeverAloneKind | null {
  if (holds.some(({ objectKind }) => objectKind === "advisory")) return "advisory-lock";
  const asked = holds.some(
    ({ objectKind, explicit, mode }) =>
      explicit || objectKind === "global" || (objectKind === "table" && wholeTable.includes(mode)),
  );
  return asked ? "explicit-lock" : null;
}
