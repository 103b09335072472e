import { isWriting, loadShares } from "../../facts/insights.ts";
import { fromOutside } from "../../facts/rds-facts.ts";
import { rowWaitsByHandler } from "../../facts/row-waits-by-handler.ts";
import { hiddenHolder } from "../../facts/second-best-text.ts";
import { tooLongToWait } from "../../facts/too-long-to-wait.ts";
import type { View } from "../../facts/view.ts";
import { asEverText, loadAt, outsideWait } from "../../facts/wait-load.ts";
import { waitNames } from "../../facts/wait-names.ts";
import { severityOfWaits, workFallen } from "../../facts/work-fallen.ts";
import { tableIn } from "../../text/table-in.ts";
import { statementText } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

/** Without a look at the locks: that sessions wait for rows, not who holds them, and so nobody is blamed. */
export function outsideRowWaits(view: View): readonly FindingDraft[] {
  const wait = outsideWait(view, waitNames.row) ?? rowWaitsByHandler(view);
  if (wait === null) return [];
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
      evidence: [...evidence, ...(fallen === null ? [] : [fallen])],
      explains: [{ cause: "connections-near-limit", because: "who waits for a row keeps its connection" }],
      actions: [],
    },
  ];
}

/** A transaction that works on its rows all the time; one that idles between its statements is not seen here. */
const nearlyAlways = 0.7;

/** Who was seen to have them, or what writes the same table and waits for none of its rows. */
function suspectText(view: View, waiting: string | null): string {
  const holder = hiddenHolder(view, waiting);
  if (holder !== null) return `; ${holder}`;
  const table = tableIn(waiting)?.split(".").at(-1) ?? null;
  if (table === null) return "";
  const writer = loadShares(view, "statement").find(
    ({ name, load, waits }) =>
      load >= nearlyAlways &&
      waits.length > 0 &&
      loadAt({ waits }, waitNames.row) === 0 &&
      tableIn(name)?.split(".").at(-1) === table &&
      isWriting(name),
  );
  const runs = tooLongToWait(view, table);
  if (writer === undefined) return runs === null ? "" : `; look first at who writes ${table}: ${runs}`;
  return `; look first at ${statementText(writer.name) ?? "it"}, which writes ${table} meanwhile and waits for none of its rows${runs === null ? "" : `: ${runs}`}`;
}
