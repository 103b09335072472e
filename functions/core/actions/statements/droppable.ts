import type { DatabaseWorld } from "../define.ts";
import { refuse } from "../signals/refuse.ts";
import type { Check } from "../steps.ts";
import { otherThanJudged, type Was } from "./existing-index.ts";
import {
  type MysqlIndexFacts,
  mysqlIndexFacts,
  type PostgresIndexFacts,
  postgresIndexFacts,
} from "./index-facts.ts";
import { lookAtTable, notThere } from "./mysql-object.ts";
import { busyWith, mayNot } from "./postgres-object.ts";

export interface ToDrop extends Was {
  readonly keeps: string | null;
  readonly scans: number | null;
}

const aPerson = "A person decides, who knows what stands on it.";

/** Whether nothing stands on the index, and what it was to be dropped for still holds. */
export async function mayDropPostgres(world: DatabaseWorld, input: ToDrop): Promise<Check> {
  const facts = await postgresIndexFacts(world, input);
  const { name } = input;
  if (facts === null) return { kind: "already-done", says: `There is no index ${name} any more.` };
  if (facts.table !== tableName(input, facts))
    return refuse("no-such-object", `Index ${name} is one of ${facts.table}.`, "Nothing to release.");
  if (!facts.owns) return mayNot("DROP an index of", { owner: facts.owner, table: facts.table }, false);
  return (
    standsOn(input, facts) ??
    // Invalid, too, is what somebody is just building under the name.
    (facts.valid ? null : await busyWith(world, { table: facts.table, table_oid: facts.tableOid })) ??
    (await otherThanJudged(world, input)) ??
    stillSuperfluous(input, facts) ?? {
      kind: "go",
      says: `Nothing stands on index ${name} of ${facts.table}.`,
    }
  );
}

/** format('%I.%I') quotes as the server likes; only the bare parts are compared. */
function tableName({ schema, table }: ToDrop, facts: PostgresIndexFacts): string {
  const bare = (text: string): string => text.replaceAll('"', "");
  return bare(facts.table) === bare(`${schema}.${table}`) ? facts.table : "";
}

function standsOn({ name }: ToDrop, facts: PostgresIndexFacts): Check | null {
  if (facts.partitioned)
    return refuse(
      "partitioned-table",
      `Index ${name} is one of a partitioned table, or a part of it.`,
      aPerson,
    );
  if (facts.constraint !== null)
    return refuse("backs-constraint", `Constraint ${facts.constraint} stands on index ${name}.`, aPerson);
  if (facts.replicaIdentity)
    return refuse("replica-identity", `Index ${name} is what replicas tell rows apart by.`, aPerson);
  if (facts.onlyForKey !== null)
    return refuse("foreign-key", `Foreign key ${facts.onlyForKey} has no other index than ${name}.`, aPerson);
  if (facts.unique && !facts.twin && facts.valid)
    return refuse("unique-index", `Index ${name} is unique, which is a rule of its own.`, aPerson);
  if (facts.usedBy === null) return null;
  return refuse(
    "long-transaction",
    `Session ${facts.usedBy} uses ${facts.table} in a transaction that has been open for more than a minute, and it would be waited for.`,
    "Lifts by itself when that transaction has ended.",
  );
}

function stillSuperfluous({ name, keeps, scans }: ToDrop, facts: PostgresIndexFacts): Check | null {
  if (!facts.valid) return null;
  if (keeps !== null) return facts.covered ? null : notCovered(name, keeps);
  const known = scans ?? 0;
  if (facts.scans <= known) return null;
  return refuse(
    "in-use",
    `Index ${name} has been scanned ${facts.scans} times, and it was to be dropped at ${known}: something uses it.`,
    "A person finds out what uses it.",
  );
}

function notCovered(name: string, keeps: string): Check {
  return refuse(
    "not-covered",
    `Index ${keeps}, which was to do the work of ${name}, is not there, not valid, or does not do it.`,
    "Nothing to release: the next assessment proposes anew.",
  );
}

export async function mayDropMysql(world: DatabaseWorld, input: ToDrop): Promise<Check> {
  const { schema, table, name } = input;
  const found = await lookAtTable(world, { schema, name: table });
  if (found === null) return notThere({ schema, name: table }, "INDEX, ALTER, SELECT");
  const facts = await mysqlIndexFacts(world, input);
  if (facts === null) return { kind: "already-done", says: `There is no index ${name} any more.` };
  return (
    mysqlRefusal(input, facts) ??
    (await otherThanJudged(world, input)) ?? {
      kind: "go",
      says: `Nothing stands on index ${name} of ${table}.`,
    }
  );
}

function mysqlRefusal({ name, keeps }: ToDrop, facts: MysqlIndexFacts): Check | null {
  if (name.toUpperCase() === "PRIMARY")
    return refuse("backs-constraint", "The primary key is the table.", aPerson);
  if (!facts.btree)
    return refuse(
      "special-index",
      `Index ${name} is for full text or places: nothing else does its work.`,
      aPerson,
    );
  if (facts.onlyForKey !== null)
    return refuse("foreign-key", `Foreign key ${facts.onlyForKey} has no other index than ${name}.`, aPerson);
  if (keeps !== null) return facts.covered ? null : notCovered(name, keeps);
  if (facts.unique)
    return refuse("unique-index", `Index ${name} is unique, which is a rule of its own.`, aPerson);
  if (!facts.visible) return null;
  return refuse(
    "still-visible",
    `The optimizer still uses index ${name}: hidden first, it can be shown again in an instant when something becomes slow.`,
    "Hide it (hide-index), wait for weeks, then drop it.",
  );
}
