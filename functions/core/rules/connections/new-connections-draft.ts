import { poolAdvice } from "../../facts/pool-advice.ts";
import { fromOutside, vcpusOfTarget } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { asEverText, loadAt, outsideWait } from "../../facts/wait-load.ts";
import { waitNames } from "../../facts/wait-names.ts";
import type { FindingDraft } from "../define.ts";

/**
 * From outside: most of the load of Aurora MySQL is threads that are made for new connections. Where statements want all
 * CPUs, connections wait because of these: applications connect again when they get no answer.
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/ams-waits.client-connection.html
 */
export function newConnectionsDraft(view: View): readonly FindingDraft[] {
  const wait = outsideWait(view, waitNames.newConnection);
  if (wait === null || computing(view) >= (vcpusOfTarget(view) ?? 2)) return [];
  const because = "making a thread and checking a sign-in takes it, and no statement does";
  return [
    {
      subject: "new-connections",
      severity: wait.asEver ? "P3" : "P2",
      confidence: fromOutside(view, 0.65),
      summary: `${Math.round(wait.sessions)} sessions on average wait while their connection is made, ${Math.round(wait.percent)} % of the load: clients connect faster than the server takes them${asEverText(wait)}`,
      evidence: [...wait.evidence, poolAdvice],
      explains: [
        { cause: "cpu-saturated", because },
        { cause: "instance-undersized", because },
      ],
      actions: [],
    },
  ];
}

/** Sessions at a time whose statements compute, or want to: signing in does so without a statement. */
function computing(view: View): number {
  // Statements without a text compute, too.
  const all = view.evidence.context?.load?.find(({ by }) => by === "statement")?.items ?? [];
  return all.reduce((sum, share) => sum + loadAt(share, waitNames.cpu), 0);
}
