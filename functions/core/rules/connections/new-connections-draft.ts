import { poolAdvice } from "../../facts/pool-advice.ts";
import { fromOutside } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { asEverText, outsideWait } from "../../facts/wait-load.ts";
import { waitNames } from "../../facts/wait-names.ts";
import type { FindingDraft } from "../define.ts";

/** From outside: most of the load of Aurora MySQL is threads that are made for new connections. */
export function newConnectionsDraft(view: View): readonly FindingDraft[] {
  const wait = outsideWait(view, waitNames.newConnection);
  if (wait === null) return [];
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
