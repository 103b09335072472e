import type { DatabaseWorld } from "../define.ts";
import { refuse } from "../signals/refuse.ts";
import type { Check, Verdict } from "../steps.ts";
import { alreadyThere } from "./existing-index.ts";
import type { IndexInput } from "./index-definition.ts";
import { invalidLike } from "./invalid-index.ts";
import { hasMysqlIndex, lookAtTable, notThere, openForLong } from "./mysql-object.ts";
import {
  busyWith,
  longTransaction,
  lookAtObject,
  mayNot,
  noSuchObject,
  type ObjectInput,
  partitioned,
} from "./postgres-object.ts";

const tableOf = ({ schema, table }: IndexInput) => ({ schema, name: table });

/** Re-reads the table, the rights to it, and what stands in the way of a build. */
export async function mayBuild(world: DatabaseWorld, input: IndexInput): Promise<Check> {
  const held =
    world.target.engine === "postgres" ? await onPostgres(world, input) : await onMysql(world, input);
  return held ?? { kind: "go", says: `${input.schema}.${input.table} is there and free for the build.` };
}

async function onPostgres(world: DatabaseWorld, input: IndexInput): Promise<Check | null> {
  const table = await lookAtObject(world, tableOf(input));
  if (table === null) return noSuchObject(tableOf(input));
  if (table.kind === "p") {
    return partitioned(table);
  }
  const index = await lookAtObject(world, input);
  if (index !== null) return index.valid === true ? alreadyThere(world, input) : invalid(input);
  if (!table.owns) return mayNot("CREATE INDEX on", table, false);
  return (await busyWith(world, table)) ?? longTransaction(world);
}

async function onMysql(world: DatabaseWorld, input: IndexInput): Promise<Check | null> {
  const table = await lookAtTable(world, tableOf(input));
  if (table === null) return notThere(tableOf(input), "INDEX, ALTER, SELECT");
  if (await hasMysqlIndex(world, input)) return alreadyThere(world, input);
  if (table.engine === "InnoDB") return openForLong(world);
  return refuse(
    "not-innodb",
    `${input.schema}.${input.table} is a table of ${table.engine ?? "an unknown engine"}, which cannot be written to while an index is built.`,
    "A person builds it in a maintenance window.",
  );
}

function invalid({ name }: IndexInput): Check {
  return refuse(
    "invalid-index",
    `An invalid index ${name} is there: a build of it failed before, or still runs.`,
    "A person looks whether it still runs, and drops it (DROP INDEX CONCURRENTLY) when it does not.",
  );
}

export async function indexProved(world: DatabaseWorld, input: IndexInput): Promise<Verdict> {
  const there =
    world.target.engine === "postgres"
      ? (await lookAtObject(world, input))?.valid === true
      : await hasMysqlIndex(world, input);
  return there
    ? { kind: "verified", says: `Index ${input.name} is built and valid.` }
    : { kind: "not-verified", says: `Index ${input.name} is not there, or is not valid.` };
}

/** MySQL leaves nothing: it undoes what it has built. */
export async function invalidLeft(world: DatabaseWorld, input: IndexInput): Promise<readonly ObjectInput[]> {
  return world.target.engine === "postgres" ? invalidLike(world, input, "") : [];
}
