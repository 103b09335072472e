import { isProtectedApplication } from "../../facts/protected.ts";
import { sessionsRunning } from "../../facts/sessions-running.ts";
import {
  rounded,
  rowsPerCallNow,
  type Statement,
  statementProbes,
  statementsOf,
} from "../../facts/statements.ts";
import { explainsLoad, paceText, strainOf } from "../../facts/strain.ts";
import type { View } from "../../facts/view.ts";
import { isBounded, isSelect } from "../../text/statement-text.ts";
import { plural, statementText } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { outsideClients } from "./outside-clients-draft.ts";

export const unboundedResult = defineRule({
  id: "unbounded-result",
  spec: ["D4"],
  category: "queries",
  title: "A statement hands out very many rows without a limit",
  needs: [...statementProbes],
  evaluate: (view) =>
    statementsOf(view)?.flatMap((statement) => draftOf(view, statement) ?? []) ?? outsideClients(view),
});

/** Nobody looks at so many rows; a program that needs them all reads them in portions. */
const tooManyRows = 5000;
/** A report or an export now and then may have many. */
const oftenEnough = 5;

function draftOf(view: View, statement: Statement): FindingDraft | null {
  const { query, total } = statement;
  if (!isSelect(query) || isBounded(query) || total.calls < oftenEnough) return null;
  const rows = rowsPerCallNow(statement) ?? total.rows / total.calls;
  if (rows < tooManyRows) return null;
  const running = sessionsRunning(view, query);
  if (running.length > 0 && running.every((session) => isProtectedApplication(session, view.policy)))
    return null;
  const strain = statement.now.callsPerSecond === 0 ? null : strainOf(view, statement);
  const text = statementText(query);
  const stuck = running.filter(({ waitEvent }) =>
    /ClientWrite|Sending|net_write/i.test(waitEvent ?? ""),
  ).length;
  return {
    subject: statement.key,
    severity: strain === null ? "P3" : "P2",
    nature: statement.now.callsPerSecond === 0 ? "chronic" : "acute",
    confidence: strain === null ? 0.5 : 0.8,
    summary: `A statement without LIMIT hands out ${rounded(rows)} rows a call${statement.now.callsPerSecond === 0 ? `, ${plural(total.calls, "call")} since statistics began` : ` (${paceText(statement)}, ${rounded(statement.now.rowsPerSecond)} rows/s)`}; ${strain ?? "nothing suffers from it now"}`,
    evidence: [
      ...(text === null ? [] : [{ source: statement.source, says: `statement: ${text}` }]),
      ...(stuck === 0
        ? []
        : [
            {
              source: "sessions",
              says: `${plural(stuck, "session waits", "sessions wait")} until the client has taken the rows`,
            },
          ]),
    ],
    explains:
      strain === null
        ? []
        : [
            ...explainsLoad(
              view,
              statement,
              ["cpu-saturated", "io-saturated", "cache-too-small", "memory-pressure", "instance-undersized"],
              `each call reads and sends ${rounded(rows)} rows`,
            ),
            {
              cause: "spilling-query",
              subject: statement.key,
              because: "all of those rows are sorted or joined",
            },
          ],
    actions: [],
  };
}
