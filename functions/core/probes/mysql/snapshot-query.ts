import { shownQuery } from "../../text/normalise-query.ts";
import type { ProbeContext } from "../define.ts";
import type { ProcessRow, StatementRow } from "./snapshot-sql.ts";

interface QueryParts {
  readonly process: ProcessRow;
  readonly statement: StatementRow | null;
  readonly event?: boolean;
}

/** Of a procedure the process list shows the statement that it is at, and its statement the CALL: that is what runs. */
export function queryOf(parts: QueryParts, { settings }: ProbeContext): string | null {
  const { process, statement } = parts;
  const sent = statement?.running === true ? statement.text : null;
  const text =
    sent !== null && !isSame(process.info, sent) ? sent : (process.info ?? statement?.text ?? null);
  if (!text) return null;
  return shownQuery(text, {
    dialect: "mysql",
    queryText: settings.probing.queryText,
    optOutComment: settings.policy.optOutComment,
  });
}

/** Recorded texts are cut, by default at 1,024 bytes. */
function isSame(info: string | null, sent: string): boolean {
  return info === null || info.startsWith(sent.replace(/\.{3}$/, ""));
}

/** Where the statement that runs is recorded, its text tells whether it is one that runs others. */
export function sentByClient({ process, statement, event }: QueryParts): boolean {
  if (event === true || statement?.running !== true || statement.text === null) return false;
  return isSame(process.info, statement.text) && !/^\s*(call|execute|begin\s+not)\b/i.test(statement.text);
}
