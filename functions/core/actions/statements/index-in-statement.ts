import { namesIn } from "../../text/sql-names.ts";
import { type IndexInput, indexInputSchema } from "./index-definition.ts";

const name = '(?:"(?:[^"]|"")*"|[^\\s".(]+)';
const postgresShape = new RegExp(
  `^CREATE (UNIQUE )?INDEX (?:CONCURRENTLY )?(?:(${name}) )?ON (${name}\\.${name}) (.+)$`,
  "s",
);
const mysqlPart = "`((?:[^`]|``)*)`";
const mysqlShape = new RegExp(
  `^ALTER TABLE ${mysqlPart}\\.${mysqlPart} ADD (UNIQUE )?INDEX ${mysqlPart} (\\(.+\\)), ALGORITHM=INPLACE, LOCK=NONE$`,
  "s",
);
const mysqlDefinition = new RegExp(
  `^CREATE (UNIQUE )?INDEX ${mysqlPart} ON ${mysqlPart}\\.${mysqlPart} (\\(.+\\)(?: USING HASH)?)$`,
  "s",
);

/**
 * The index that CREATE INDEX of PostgreSQL makes, as a plan's advice, a probe or pg_get_indexdef has it; null for what the
 * action does not do: of a partitioned table, or after another statement.
 */
export function postgresIndexIn(statement: string): IndexInput | null {
  const [, unique, called, on = "", definition = ""] = postgresShape.exec(statement) ?? [];
  const [schema, table] = namesIn(on);
  if (schema === undefined || table === undefined) return null;
  const given = called === undefined ? undefined : namesIn(called)[0];
  return read({
    ...{ schema, table, name: given ?? nameFor(table, definition) },
    ...{ unique: unique !== undefined, definition },
  });
}

/** The same of MySQL and MariaDB; null where writers would have to wait. */
export function mysqlIndexIn(statement: string): IndexInput | null {
  const alter = mysqlShape.exec(statement);
  const create = mysqlDefinition.exec(statement);
  const [schema, table, unique, called, definition] =
    alter !== null
      ? alter.slice(1)
      : create === null
        ? []
        : [create[3], create[4], create[1], create[2], create[5]];
  const plain = (text: string | undefined): string => (text ?? "").replaceAll("``", "`");
  return read({
    ...{ schema: plain(schema), table: plain(table), name: plain(called) },
    ...{ unique: unique !== undefined, definition: definition ?? "" },
  });
}

function read(index: IndexInput): IndexInput | null {
  return indexInputSchema.safeParse(index).data ?? null;
}

/** A name of its own, by which the build is found again and cleared up after. PostgreSQL cuts names at 63 bytes. */
function nameFor(table: string, definition: string): string {
  const words = `${table}_${definition}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_|_$/g, "");
  return `${words.slice(0, 59).replace(/_$/, "")}_idx`;
}
