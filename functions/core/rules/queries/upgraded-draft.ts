import { blamedChange } from "../../facts/blamed-change.ts";
import { keepsNoStatistics } from "../../facts/changed-values.ts";
import { cpuPressure } from "../../facts/cpu-pressure.ts";
import { ioPressure } from "../../facts/io-pressure.ts";
import { fromOutside, minutesSince } from "../../facts/rds-facts.ts";
import { worstOf } from "../../facts/severity.ts";
import { analyzedSecondsAgo, tablesOf } from "../../facts/table-facts.ts";
import type { View } from "../../facts/view.ts";
import { whatChanged } from "../../facts/what-changed.ts";
import { analyzeDatabases } from "../../remedies/query-remedies.ts";
import { plural } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

/** Of a smaller table every plan is a quick one. */
const fewBytes = 8 * 1024 ** 2;

/** After an upgrade to a new major version nothing is known of any table until somebody analyzes it. */
export function upgradedDrafts(view: View): readonly FindingDraft[] {
  const upgrade = whatChanged(view).find(({ kind }) => kind === "major-upgrade");
  if (upgrade === undefined || !keepsNoStatistics(view, upgrade)) return [];
  const minutes = minutesSince(view, upgrade.at);
  const unknown = unanalyzed(view, minutes * 60);
  const blamed = blamedChange(view, ["cpu", "reads"], "", ({ kind }) => kind === "major-upgrade");
  const hurts = blamed?.change.kind === "major-upgrade" ? hurting(view) : null;
  // Somebody has analyzed what there is, or nothing is seen to suffer.
  if (unknown?.length === 0 || (unknown === null && hurts === null)) return [];
  const because = "its plan rests on no statistics at all";
  const tables =
    unknown === null
      ? ""
      : `; ${plural(unknown.length, "table")} not analyzed since, ${unknown.slice(0, 3).join(", ")} first`;
  return [
    {
      subject: "upgrade",
      severity: hurts ?? "P3",
      nature: hurts === null ? "chronic" : "acute",
      confidence: fromOutside(view, unknown === null ? 0.8 : 0.9),
      summary: `No statistics since ${upgrade.says}, ${minutes} min ago: pg_upgrade takes none along before PostgreSQL 18, so plans are guesses until ANALYZE has run in every database${tables}${hurts === null ? "; nothing is seen to suffer from it yet" : `; ${blamed?.says ?? ""}`}`,
      evidence: [
        { source: upgrade.source, says: `${upgrade.at} ${upgrade.says}` },
        ...(unknown === null
          ? [
              {
                source: "engine",
                says: "whether somebody has analyzed since could not be seen: pg_stat_user_tables (last_analyze, last_autoanalyze) tells",
              },
            ]
          : []),
      ],
      explains:
        hurts === null
          ? []
          : (
              [
                "cpu-saturated",
                "io-saturated",
                "instance-undersized",
                "expensive-statement",
                "plan-regression",
                "query-regression",
                "long-running-query",
                "spilling-query",
                "cache-too-small",
                "connections-near-limit",
              ] as const
            ).map((cause) => ({ cause, because })),
      actions: [analyzeDatabases(view)],
    },
  ];
}

export function hurting(view: View): FindingDraft["severity"] | null {
  const severities = [cpuPressure(view)?.severity, ioPressure(view)?.severity].flatMap((one) => one ?? []);
  const worst = worstOf(severities);
  return worst === "P3" ? null : worst;
}

/** Tables of substance that nobody has analyzed since, largest first; null where they could not be seen. */
function unanalyzed(view: View, seconds: number): readonly string[] | null {
  const tables = tablesOf(view);
  if (tables === null) return null;
  return tables
    .filter(
      (table) => table.bytes >= fewBytes && (analyzedSecondsAgo(table) ?? Number.POSITIVE_INFINITY) > seconds,
    )
    .toSorted((a, b) => b.bytes - a.bytes)
    .map(({ schema, table }) => `${schema}.${table}`);
}
