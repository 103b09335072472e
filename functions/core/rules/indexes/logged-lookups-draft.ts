import { logRecords, recentLogRecords } from "../../facts/log-lines.ts";
import { loggedLockQueue } from "../../facts/logged-lock-queue.ts";
import { fromOutside } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { outsideWait } from "../../facts/wait-load.ts";
import { keptLookup } from "../../text/foreign-key-lookup.ts";
import { mostFrequent } from "../../text/most-frequent.ts";
import { plural, statementText } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

/** By an index each takes next to nothing: whoever is cut off in one, again and again, reads a table for it. */
const fewest = 3;

/** Without a look inside: statements that remove rows are cut off in the look-up of who refers to them. */
export function loggedLookups(view: View): readonly FindingDraft[] {
  if (view.evidence.target.engine !== "postgres") return [];
  // Whoever waits for a row or a table is cut off in a look-up as well.
  if (
    loggedLockQueue(view) !== null ||
    outsideWait(view, { test: (name) => name.startsWith("Lock:") }) !== null
  )
    return [];
  const cut = recentLogRecords(view.evidence, logRecords(view.evidence)).flatMap((record) => {
    const context = record.details.find(({ level }) => level === "CONTEXT")?.text ?? "";
    const found = /^canceling statement due to (?:statement timeout|user request)/.test(record.text)
      ? keptLookup.exec(context)
      : null;
    return found === null ? [] : [{ found, record }];
  });
  const [most] = mostFrequent(cut.map(({ found }) => found[0]));
  const first = cut.findLast(({ found }) => found[0] === most?.text);
  if (most === undefined || first === undefined || most.count < fewest) return [];
  const [, schema = "", table = "", columns = ""] = first.found;
  const statement = first.record.details.find(({ level }) => level === "STATEMENT")?.text ?? null;
  const query = statementText(statement);
  const names = columns.replaceAll('"', "");
  const because = "each row that is removed reads the table that refers to it";
  return [
    {
      subject: `log:${schema}.${table} (${names})`,
      severity: "P2",
      confidence: fromOutside(view, 0.7),
      summary: `${plural(most.count, "statement was", "statements were")} cut off while the server looked for rows of ${schema}.${table} that refer to what they remove: most likely no index on ${table} (${names}) serves the foreign key, unless each of them removes very many rows${query === null ? "" : `; ${query}`}`,
      evidence: [
        { source: "error log", says: first.record.line },
        {
          source: "engine",
          says: `what mends it: CREATE INDEX CONCURRENTLY on ${schema}.${table} (${names}); until then fewer rows at a time`,
        },
      ],
      explains: (
        ["cpu-saturated", "io-saturated", "expensive-statement", "error-storm", "long-running-query"] as const
      ).map((cause) => ({ cause, because })),
      actions: [],
    },
  ];
}
