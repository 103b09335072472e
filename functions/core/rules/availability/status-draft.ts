import type { ProposedAction } from "../../contract/finding.ts";
import { failureWord, keyTrouble, type SaidStatus, saidStatus } from "../../facts/instance-status.ts";
import { parametersSet, setText } from "../../facts/parameters-set.ts";
import { fromOutside, minutesSince, selfOf } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { restoreElsewhere } from "../../remedies/aws/copy-remedies.ts";
import { startDatabase } from "../../remedies/aws/restart-remedies.ts";
import { duration, list } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

/** What RDS itself says of an instance that cannot be reached, for the sentence about it. */
export function statusPart(view: View): {
  readonly text: string;
  readonly evidence: FindingDraft["evidence"];
  readonly explains: FindingDraft["explains"];
  readonly actions: readonly ProposedAction[];
  /** Nobody is at work on it, or RDS has given it up. */
  readonly mayBeFailedOver: boolean;
} {
  const said = saidStatus(view);
  const status = selfOf(view)?.status ?? null;
  if (said === null)
    return { text: "", evidence: [], explains: [], actions: [], mayBeFailedOver: isQuiet(status) };
  return {
    text: `; RDS says ${said.text}`,
    evidence: evidenceOf(view, said),
    // On its way it says nothing of why it went.
    explains: /^(starting|stopping)$/.test(said.status)
      ? []
      : [{ cause: "restart-or-crash", because: "what RDS says is why it does not come up" }],
    actions: mend(view, said),
    mayBeFailedOver: status === "failed",
  };
}

/** While RDS works on it, it may be back before anybody else has taken over. */
function isQuiet(status: string | null): boolean {
  return status === null || status === "available";
}

function evidenceOf(view: View, { status, ofCluster }: SaidStatus): FindingDraft["evidence"] {
  const word = failureWord(view);
  return [
    { source: ofCluster ? "DescribeDBClusters" : "DescribeDBInstances", says: `status ${status}` },
    ...(word === null ? [] : [{ source: "DescribeEvents", says: word }]),
    ...(status === "incompatible-parameters" ? setLately(view) : []),
  ];
}

const shown = 5;

/** Which of them it is no call tells: it is one of those that were set since it last came up. */
function setLately(view: View): FindingDraft["evidence"] {
  const set = parametersSet(view).slice(0, shown);
  if (set.length === 0) return [];
  const each = set.map((one) => `${setText(one)} ${duration(60 * minutesSince(view, one.at))} ago`);
  return [
    { source: set[0]?.by == null ? "DescribeEvents" : "CloudTrail", says: `set lately: ${list(each)}` },
  ];
}

function mend(view: View, said: SaidStatus): readonly ProposedAction[] {
  switch (said.mend) {
    case "start":
      return startDatabase(view);
    case "restore":
      return restoreElsewhere(view, selfOf(view)?.latestRestorableAt ?? null);
    case null:
      return [];
    default:
      return said.mend satisfies never;
  }
}

/** Nobody tried to connect, or it still answers: RDS's word alone. */
export function outsideDrafts(view: View): readonly FindingDraft[] {
  const said = saidStatus(view);
  const reached = view.evidence.connection.status === "connected";
  if (said === null || (reached && said.down)) return keyDraft(view);
  return [
    {
      subject: "",
      // Of a cluster whose member is told available, who knows which of the two is late.
      severity: said.down ? (said.ofCluster ? "P1" : "P0") : "P2",
      confidence: fromOutside(view, said.ofCluster ? 0.7 : 0.9),
      summary: `RDS says ${said.text}${reached ? "; meanwhile it still answers" : ""}`,
      evidence: evidenceOf(view, said),
      explains: [],
      actions: mend(view, said),
    },
  ];
}

function keyDraft(view: View): readonly FindingDraft[] {
  const trouble = keyTrouble(view);
  if (trouble === null) return [];
  return [
    {
      subject: "",
      severity: "P1",
      confidence: 0.85,
      summary: `The database is about to be lost: since ${trouble.minutes} min RDS cannot use its KMS key, and stops it within two hours; enable the key and give RDS its grant back`,
      evidence: [{ source: "DescribeEvents", says: `${trouble.event.at} ${trouble.event.message}` }],
      explains: [],
      actions: [],
    },
  ];
}
