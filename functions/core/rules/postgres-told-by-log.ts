import type { CauseId } from "../contract/cause-ids.ts";
import { type ToldTrouble, toldTroubles } from "../facts/told-troubles.ts";
import type { View } from "../facts/view.ts";
import type { LogLine } from "../text/log-line.ts";
import { duration, plural, statementText } from "../text/wording.ts";
import type { FindingDraft, ToldSoFar } from "./define.ts";

/**
 * What the log tells by itself and no rule has told: of each cause the surest, and what comes of something as a rule only
 * where nothing else is found. One witness, and nothing is done by it.
 */
export function postgresToldByLog(
  view: View,
  told: readonly ToldSoFar[],
): readonly (FindingDraft & { id: CauseId })[] {
  const serious = told.filter(({ severity }) => severity !== "P3").map(({ id }) => id);
  const firsts = new Map<string, ToldTrouble>();
  for (const one of toldTroubles(view)) {
    const { cause, alone = false, yields = false, severity: own = "P2" } = one.trouble;
    const isTold = alone
      ? serious.length + firsts.size > 0
      : told.some(({ id, severity }) => id === cause && (yields || (severity !== "P3" && severity <= own)));
    if (!isTold && !firsts.has(cause)) firsts.set(cause, one);
  }
  return [...firsts.values()].map(draftOf);
}

/** All of its statements fail for it; of another only those that come upon it do. */
const ofAll: readonly CauseId[] = [
  "storage-low",
  "wraparound-risk",
  "database-read-only",
  "restart-or-crash",
];

function draftOf({ trouble, kinds, count, record, forSeconds, agoSeconds }: ToldTrouble) {
  const { cause, severity = "P2", means } = trouble;
  const [first] = kinds;
  const source = "error log";
  const [what = "", remedy] = means.split("; ");
  const whose = [first?.user, first?.database].filter(Boolean).join(" in ");
  return {
    id: cause,
    subject: "log",
    severity,
    confidence: 0.7,
    summary: `${what.replace("%", () => first?.user ?? "clients")}: ${first?.text ?? ""} (${plural(count, "line")} of the log in ${duration(Math.max(60, forSeconds))}${whose === "" ? "" : `, ${whose}`}, the last ${duration(agoSeconds)} ago)`,
    evidence: [
      ...[record?.line ?? [], record?.details.map(detailText) ?? []].flat(2),
      ...kinds.slice(1, 3).map(({ text, count: times }) => `${text} (${times})`),
      ...(remedy === undefined ? [] : [`what mends it: ${remedy}`]),
    ].map((says) => ({ source, says })),
    explains:
      severity === "P2" || !ofAll.includes(cause)
        ? []
        : [{ cause: "error-storm", because: "statements fail for it" } as const],
    actions: [],
  };
}

function detailText({ level, text }: LogLine): string {
  return `${level}: ${(level === "STATEMENT" ? statementText(text) : null) ?? text}`;
}
