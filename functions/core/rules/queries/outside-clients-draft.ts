import { heaviestUser, type LoadShare, loadShares, totalLoad } from "../../facts/insights.ts";
import { baselineText, metricFact } from "../../facts/metric-facts.ts";
import { crowdedMinutes } from "../../facts/outside-load.ts";
import { bytesText, fromOutside } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { asEverText, loadAt, type OutsideWait, outsideWait } from "../../facts/wait-load.ts";
import { waitNames } from "../../facts/wait-names.ts";
import { compare } from "../../text/compare.ts";
import { isBounded, isSelect } from "../../text/statement-text.ts";
import { statementText } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

/** Without a look inside: the load waits until clients take rows, and most of it is a statement that hands out all it finds. */
export function outsideClients(view: View): readonly FindingDraft[] {
  const wait = outsideWait(view, waitNames.client);
  if (wait !== null && isOfMany(view, wait)) return [ofManyDraft(view, wait)];
  const first = loadShares(view, "statement").toSorted(
    (a, b) => loadAt(b, waitNames.client) - loadAt(a, waitNames.client) || compare(a.name, b.name),
  )[0];
  const query = statementText(first?.name ?? null);
  if (wait === null || first === undefined || query === null) return [];
  // What has no part in it is no cause, however much else it does.
  if (loadAt(first, waitNames.client) < mostShare * wait.sessions) return [];
  // What a dump copies, and what is a page at a time, is as much as was asked for.
  if (!isSelect(first.name) || isBounded(first.name)) return [];
  const user = heaviestUser(view);
  const because = "each of them makes and sends all rows that it finds";
  return [
    {
      subject: "insights",
      severity: wait.asEver ? "P3" : "P2",
      confidence: fromOutside(view, 0.6),
      summary: `${Math.round(wait.sessions)} sessions on average wait until their clients take the rows, ${Math.round(wait.percent)} % of the load${user === null ? "" : ` (${user})`}: ${query}${asEverText(wait)}`,
      evidence: [
        ...wait.evidence,
        ...sentText(view),
        {
          source: "engine",
          says: "the statement has no limit: rows in portions, fewer columns, or fewer of them at a time; whether the clients are slow or the network of the class is full, its metric against what the class has tells",
        },
      ],
      explains: [
        ...(isMost(view, first, waitNames.cpu) ? [{ cause: "cpu-saturated" as const, because }] : []),
        ...(isMost(view, first, waitNames.page) ? [{ cause: "io-saturated" as const, because }] : []),
        { cause: "connections-near-limit", because: "who waits for its client keeps its connection" },
      ],
      actions: [],
    },
  ];
}

/** No statement makes most of it, so that it is not what one of them hands out. */
function isOfMany(view: View, { sessions, waits }: OutsideWait): boolean {
  if (view.evidence.target.engine === "postgres" || crowdedMinutes(view) === null) return false;
  const loads = loadShares(view, "statement").map((share) => loadAt(share, waitNames.client));
  return Math.max(0, ...loads) < mostShare * sessions || waits.some(({ name }) => sending.test(name));
}

/** It is the client that sends: https://dev.mysql.com/doc/refman/8.4/en/general-thread-states.html */
const sending = /^(reading|receiving) from/i;

function ofManyDraft(view: View, wait: OutsideWait): FindingDraft {
  return {
    subject: "insights",
    severity: wait.asEver ? "P3" : "P2",
    confidence: fromOutside(view, 0.55),
    summary: `${Math.round(wait.sessions)} sessions on average wait for their clients, to take rows or to send, ${Math.round(wait.percent)} % of the load${wait.statement === null ? "" : `; most load: ${wait.statement}`}: clients or the network to them are slow, or results are large${asEverText(wait)}`,
    evidence: [
      ...wait.evidence,
      ...sentText(view),
      {
        source: "engine",
        says: "look at the application's hosts, and at the network against what the class has; fewer rows, in portions",
      },
    ],
    explains: [{ cause: "connections-near-limit", because: "who waits for its client keeps its connection" }],
    actions: [],
  };
}

const mostShare = 0.5;

/** Who waits for its client uses neither a CPU nor the disk: what else the statement does there is asked for. */
function isMost(view: View, statement: LoadShare, names: RegExp): boolean {
  const all = totalLoad(loadShares(view, "wait-event").filter(({ name }) => names.test(name)));
  return all > 0 && loadAt(statement, names) >= mostShare * all;
}

function sentText(view: View): FindingDraft["evidence"] {
  const sent = metricFact(view, "NetworkTransmitThroughput");
  if (sent === null) return [];
  return [
    { source: sent.id, says: `${bytesText(sent.latest)} a second go out${baselineText(sent, bytesText)}` },
  ];
}
