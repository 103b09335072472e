import type { LoggedVacuum } from "../../contract/log-excerpt.ts";
import { loadShares } from "../../facts/insights.ts";
import { vacuumsThatLeft } from "../../facts/logged-work.ts";
import { fromOutside } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { mentions } from "../../text/table-in.ts";
import { duration, plural } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

/** As inside: so many dead rows are more than pages to skip. */
const manyDeadRows = 10_000;
/** Where most of what there is to read is dead, whoever reads it wades through that. */
const mostlyDead = 0.3;
/** Of the load: the statement that makes it reads that table. */
const substantialPercent = 20;

/** Without a look inside, by autovacuum's own lines: it was there, and had to leave what somebody could still see. */
export function heldByLog(view: View): readonly FindingDraft[] {
  const left = vacuumsThatLeft(view).filter(({ held }) => held >= manyDeadRows);
  const [worst] = left;
  if (worst === undefined) return [];
  const { table, database, held, remain, cutoffAge, until } = worst;
  const age = cutoffAge === null ? "" : `, ${count(cutoffAge)} transactions back`;
  const ago = (Date.parse(view.evidence.collectedAt) - Date.parse(until)) / 1000;
  return [
    {
      subject: `log:${database}.${table}`,
      severity: "P3",
      confidence: fromOutside(view, 0.75),
      summary: `Autovacuum leaves ${count(held)} dead rows in ${table} of ${database}, beside ${count(Math.max(0, remain - held))} live ones${growth(worst)}, since somebody could still see them${age}: an open transaction, a prepared one, a replication slot or a replica with hot_standby_feedback; which could not be seen`,
      evidence: [
        {
          source: "error log",
          says: `${plural(worst.runs, "vacuum")} of it within ${duration(900)} removed ${count(worst.removed)} rows, the last ended ${duration(ago)} ago`,
        },
        ...left.slice(1, 3).map((one) => ({
          source: "error log",
          says: `${count(one.held)} dead rows were left in ${one.table} of ${one.database}, too`,
        })),
        {
          source: "engine",
          says: "who, by whoever gets in: SELECT pid, usename, state, xact_start, age(backend_xmin) FROM pg_stat_activity ORDER BY age(backend_xmin) DESC NULLS LAST LIMIT 5; SELECT gid, prepared FROM pg_prepared_xacts; SELECT slot_name, active, age(xmin) FROM pg_replication_slots. Ended, the next vacuum removes the rows: no faster vacuum does before",
        },
      ],
      explains: left.flatMap((one) => readersOf(view, one)),
      actions: [],
    },
  ];
}

/** Of the hour, where it is more than the noise of a table that is written. */
function growth({ held, heldAtFirst, since, until }: LoggedVacuum): string {
  const seconds = (Date.parse(until) - Date.parse(since)) / 1000;
  if (seconds < 60 || held <= 1.05 * heldAtFirst) return "";
  return ` (${count((60 * (held - heldAtFirst)) / seconds)} more a minute)`;
}

/** Which the statement that makes the load reads. */
function readersOf(view: View, { table, held, remain }: LoggedVacuum): FindingDraft["explains"] {
  if (held < mostlyDead * remain) return [];
  const name = table.split(".").at(-1) ?? table;
  const read = loadShares(view, "statement").some(
    (share) => share.percent >= substantialPercent && mentions(share.name, name),
  );
  if (!read) return [];
  const because = `what makes most of the load reads ${table} past its dead rows`;
  return (["cpu-saturated", "io-saturated", "cache-too-small", "expensive-statement"] as const).map(
    (cause) => ({ cause, because }),
  );
}

function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}
