import { statementOfDigest } from "../../../plans/mysql-digest-statement.ts";
import { explainableMysql, type MysqlExplainable } from "../../../plans/mysql-explainable.ts";
import { statementOfRoutine } from "../../../plans/mysql-routine-statement.ts";
import { type Asked, type Known, keyOf } from "./known-tables.ts";
import type { WorstStatement } from "./worst-statement.ts";

/** As it was with its values, else by its digest with values that are made up. */
export function explainableOf({ sample, digestText, inside }: WorstStatement): MysqlExplainable {
  // For its tables alone; what else its names mean is told by their columns.
  if (inside && sample !== null) return explainableMysql(statementOfRoutine(sample, new Set()));
  const kept = sample === null ? null : explainableMysql(sample);
  if (kept?.kind === "yes") return kept;
  const made = digestText === null ? null : paired(explainableMysql(statementOfDigest(digestText)));
  if (made?.kind === "yes") return made;
  return kept ?? made ?? { kind: "no", reason: "the server keeps no text of it" };
}

function paired(made: MysqlExplainable): MysqlExplainable {
  return made.kind === "yes" ? { ...made, assumedValues: true, paired: true } : made;
}

/**
 * Now that its tables are known: with what a stored program gave it by name made up, and with values that lead to their
 * largest partitions. Of a value in none there is no plan at all.
 */
export function settled(asked: Asked, known: ReadonlyMap<string, Known>): Asked {
  const made = remade(asked, known);
  return made?.kind === "yes" ? { ...asked, explainable: made } : asked;
}

function remade(
  { worst, tables, explainable }: Asked,
  known: ReadonlyMap<string, Known>,
): MysqlExplainable | null {
  const of = tables.flatMap((table) => known.get(keyOf(table)) ?? []);
  if (worst.inside !== undefined) {
    if (worst.sample === null) return null;
    const columns = of.flatMap(({ facts }) => facts.columns);
    return explainableMysql(
      statementOfRoutine(worst.sample, new Set(columns.map(({ name }) => name.toLowerCase()))),
    );
  }
  const values = of.flatMap(({ partition }) => partition ?? []);
  if (!explainable.paired || values.length === 0 || worst.digestText === null) return null;
  return paired(explainableMysql(statementOfDigest(worst.digestText, values)));
}
