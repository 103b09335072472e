import { lossText } from "../../../functions/core/failover/loss.ts";
import type { Acknowledged } from "./clients.ts";
import { type Case, callsOf } from "./promises/case.ts";
import { unconverged, untold } from "./promises/ended.ts";
import { lostMore, lostRows } from "./promises/kept-rows.ts";
import { elsewhere, phasesOf } from "./promises/times.ts";
import { wrongPromotions } from "./promises/vetoes-stood.ts";
import { original, type Stage } from "./stage.ts";

export interface Verdict {
  /** Broken invariants, in words; by the ledgers of the clients and of the lab, and by what was done to whom. */
  readonly broken: readonly string[];
  /** Whether the call that a fault was set on was made at all; null: it was set on none. */
  readonly met: boolean | null;
  readonly promoted: readonly string[];
  readonly acknowledged: number;
  readonly lost: number;
  readonly endings: readonly string[];
  readonly announcedLoss: string | null;
  /** From the start of the first run to the first row that the new writer confirmed; null: nobody was promoted. */
  readonly recoveryMs: number | null;
  /**
   * From there until the name had moved, less what the lab's engines and transitions took and people paused; how long clients then go by
   * what they have resolved (here up to 1 s) is theirs.
   */
  readonly ownMs: number | null;
  readonly phases: string;
}

export async function judge(of: Case): Promise<Verdict> {
  const { stage, runs, startedAt } = of;
  const { ledger } = stage.clients;
  const promoted = [...new Set(callsOf(stage, "PromoteReadReplica", "done").map(({ id }) => id))];
  const first = ledger.find(({ by }) => by !== original);
  const lost = await lostRows(stage, promoted.at(-1) ?? original);
  const by = runs.findLast(({ sent }) => sent["execute"] !== undefined);
  const recoveryMs = first === undefined ? null : first.at - startedAt;
  return {
    broken: [
      ...twoWriters(ledger, first),
      ...(of.opened ? [`two writers: ${original} came back and took a row`] : []),
      ...wrongPromotions(of, promoted),
      ...lostMore(lost, by),
      ...untold(of),
      ...unconverged(of, promoted),
    ],
    met: metOf(stage),
    ...{ promoted, lost: lost ?? -1, acknowledged: ledger.length, recoveryMs },
    endings: runs.map(({ ending }) => `${ending?.status}@${ending?.phase}: ${ending?.says}`.slice(0, 300)),
    announcedLoss: by === undefined ? null : lossText(by.loss),
    ownMs: first === undefined ? null : ownUntil(of, Math.min(first.at, by?.times.repointed ?? first.at)),
    phases: by === undefined ? "" : phasesOf(by),
  };
}

function ownUntil(of: Case, until: number): number {
  return until - of.startedAt - elsewhere(of, of.startedAt, until);
}

function metOf({ lab, injected }: Stage): boolean | null {
  return injected() === 0 ? null : lab.ledger().some(({ what }) => what === "fault");
}

function twoWriters(ledger: readonly Acknowledged[], first: Acknowledged | undefined): string[] {
  if (first === undefined) return [];
  const after = ledger.find(({ by, sentAt }) => by === original && sentAt > first.at);
  const third = ledger.find(({ by }) => by !== original && by !== first.by);
  return [
    ...(after === undefined
      ? []
      : [`two writers: ${original} confirmed a row ${after.at - first.at} ms after ${first.by}`]),
    ...(third === undefined ? [] : [`two writers: ${third.by} beside ${first.by}`]),
  ];
}
