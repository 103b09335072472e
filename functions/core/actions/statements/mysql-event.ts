import * as z from "zod";
import type { SqlStatement } from "../../ports.ts";
import type { DatabaseWorld } from "../define.ts";
import { refuse } from "../signals/refuse.ts";
import type { Check } from "../steps.ts";

interface EventName {
  readonly schema: string;
  readonly name: string;
  readonly definer: string;
}

const seen = z.coerce.number().nullable();
const eventSchema = z.object({
  definer: z.string(),
  status: z.string(),
  charset: z.string(),
  /** Character set and collation that its body is read and compared with. */
  characters: z.string(),
  /** Those of the session that looks. */
  session: z.string(),
  collation: z.string(),
  /** What the schema has now: ALTER EVENT writes it over the one that the event was made with. */
  schemaCollation: z.string().nullable(),
  once: z.coerce.number().transform((one) => one === 1),
  /** 1: its only or last time is over; null: that cannot be told. */
  over: seen,
  /** How long ago it was made or altered last. */
  alteredSeconds: seen,
});
type EventFacts = z.infer<typeof eventSchema>;

const where = "FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ? AND EVENT_NAME = ?";

/** Its times are shown in its own time zone. https://dev.mysql.com/doc/refman/8.4/en/information-schema-events-table.html */
export async function lookAtEvent(
  { session, signal }: DatabaseWorld,
  { schema, name }: EventName,
): Promise<EventFacts | null> {
  const sql = `SELECT DEFINER AS definer, STATUS AS status, CHARACTER_SET_CLIENT AS charset, DATABASE_COLLATION AS collation,
  CONCAT(CHARACTER_SET_CLIENT, ' ', COLLATION_CONNECTION) AS characters,
  CONCAT(@@character_set_client, ' ', @@collation_connection) AS session,
  (SELECT s.DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA s WHERE s.SCHEMA_NAME = EVENT_SCHEMA) AS schemaCollation,
  EXECUTE_AT IS NOT NULL AS once, TIMESTAMPDIFF(SECOND, LAST_ALTERED, NOW()) AS alteredSeconds,
  IF(COALESCE(EXECUTE_AT, ENDS) IS NULL, 0,
    COALESCE(EXECUTE_AT, ENDS) <= CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', TIME_ZONE)) AS \`over\` ${where}`;
  const [row] = await session.query({ sql, params: [schema, name] }, signal);
  return row === undefined ? null : eventSchema.parse(row);
}

/** ALTER EVENT, of whatever it is, takes both over from the session that sends it, and the body means something else from then on. */
export function asItWasMade({ schema, name }: EventName): SqlStatement {
  return {
    sql: `SET SESSION character_set_client = (SELECT CHARACTER_SET_CLIENT ${where}),
  SESSION collation_connection = (SELECT COLLATION_CONNECTION ${where})`,
    params: [schema, name, schema, name],
  };
}

/** Null: altered in a session that is set as it was made, it stays what it is. */
export function wouldChange(
  { charset, collation, schemaCollation }: EventFacts,
  { schema, name, definer }: EventName,
): Check | null {
  // In which bytes the name would be sent hangs on whether this server tells its clients what their session is set to.
  if (!charset.startsWith("utf8") && /[^ -~]/.test(schema + name + definer))
    return refuse(
      "cannot-keep",
      `Event ${name} was made in ${charset}, and cannot be named from here without changing that.`,
      "A person alters it from a client of that character set.",
    );
  if (collation === schemaCollation) return null;
  return refuse(
    "cannot-keep",
    `Event ${name} was made where ${schema} had collation ${collation}; to alter it would make that ${schemaCollation ?? "another, which cannot be seen"}.`,
    "Its owner decides, and makes it anew.",
  );
}

/** Null: it is still to run. */
export function tooLate({ once, over }: EventFacts, event: string): Check | null {
  if (over === 0) return null;
  if (over === null)
    return refuse(
      "cannot-see",
      `Whether the time of event ${event} has passed cannot be told: its time zone is not known to the server.`,
      "A person looks at EXECUTE_AT and ENDS in information_schema.EVENTS.",
    );
  return refuse(
    "time-passed",
    once
      ? `The time of event ${event} has passed: resumed, it would run at once.`
      : `Event ${event} was to end before now: resumed, it would run no more, or be dropped.`,
    "Its owner gives it another time, or runs by hand what it does.",
  );
}
