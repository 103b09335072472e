import type { LogHits } from "../../facts/log-lines.ts";
import { statementTroubles } from "../../facts/statement-troubles.ts";
import { plural } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

export function loggedText(logged: LogHits | null): FindingDraft["evidence"] {
  if (logged === null) return [];
  const { count, caught } = logged;
  const source = "error log";
  const most = caught.slice(0, 3).map(({ text, count: times }) => `${text} (${times})`);
  return [
    { source, says: `${plural(count, "error")} in this database in the last 15 min` },
    ...most.map((says) => ({ source, says })),
    ...remedyText(caught[0]?.text ?? ""),
  ];
}

/** Of the most frequent one, as where the log alone tells of it. */
function remedyText(text: string): FindingDraft["evidence"] {
  const known = statementTroubles.find(
    ({ cause, alone = false, when, unless, reader, says }) =>
      cause === "error-storm" &&
      !alone &&
      when === undefined &&
      unless === undefined &&
      reader === undefined &&
      says.test(text),
  );
  const remedy = known?.means.split("; ")[1];
  return remedy === undefined ? [] : [{ source: "error log", says: `what mends it: ${remedy}` }];
}
