import { fromOutside } from "../../facts/rds-facts.ts";
import { handlerWaits, rowWaitsByHandler } from "../../facts/row-waits-by-handler.ts";
import { rowWriter } from "../../facts/row-writer.ts";
import { hiddenHolder } from "../../facts/second-best-text.ts";
import { tooLongToWait } from "../../facts/too-long-to-wait.ts";
import type { View } from "../../facts/view.ts";
import { asEverText, outsideWait } from "../../facts/wait-load.ts";
import { waitNames } from "../../facts/wait-names.ts";
import { severityOfWaits, workFallen } from "../../facts/work-fallen.ts";
import { tableIn } from "../../text/table-in.ts";
import type { FindingDraft } from "../define.ts";
import { slowWaits } from "./slow-waits-draft.ts";

/** Without a look at the locks: that sessions wait for rows, not who holds them, and so nobody is blamed. */
export function outsideRowWaits(view: View): readonly FindingDraft[] {
  const named = outsideWait(view, waitNames.row);
  const wait = named ?? rowWaitsByHandler(view);
  if (wait === null) return slowWaits(view);
  const { sessions, percent, statement, evidence } = wait;
  const fallen = workFallen(view);
  const likely =
    fallen === null ? "" : `; ${fallen.says}, are more like one transaction that keeps them than like turns`;
  return [
    {
      subject: "insights",
      severity: wait.asEver ? "P3" : severityOfWaits(view, sessions),
      confidence: fromOutside(view, 0.6),
      summary: `${Math.round(sessions)} sessions on average wait for rows that others hold, ${Math.round(percent)} % of the load${statement === null ? "" : `; most load: ${statement}`}${likely}${suspectText(view, statement)}; whether they take turns or one transaction keeps them could not be seen, so nobody is to be ended for it${asEverText(wait)}`,
      evidence: [
        ...evidence,
        ...(fallen === null ? [] : [fallen]),
        ...writerOf(view, statement, named === null ? handlerWaits : waitNames.row),
      ],
      explains: [{ cause: "connections-near-limit", because: "who waits for a row keeps its connection" }],
      actions: [],
    },
  ];
}

/** Who was seen to have them, or has written the table for longer than anybody waits for a row. */
function suspectText(view: View, waiting: string | null): string {
  const holder = hiddenHolder(view, waiting);
  if (holder !== null) return `; ${holder}`;
  const table = tableOf(waiting);
  const runs = table === null ? null : tooLongToWait(view, table);
  return runs === null ? "" : `; look first at who writes ${table}: ${runs}`;
}

/** Beside it, and no more: the busiest writer of a table is its ordinary neighbour. */
function writerOf(view: View, waiting: string | null, names: Pick<RegExp, "test">): FindingDraft["evidence"] {
  const table = tableOf(waiting);
  const says = table === null ? null : rowWriter(view, table, names);
  return says === null ? [] : [{ source: "Performance Insights", says }];
}

function tableOf(statement: string | null): string | null {
  return tableIn(statement)?.split(".").at(-1) ?? null;
}
