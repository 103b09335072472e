import * as z from "zod";
import type { Target } from "../../contract/target.ts";
import { mysqlName } from "../../text/sql-names.ts";
import { type DatabaseWorld, defineDatabaseAction, defineOffer } from "../define.ts";
import { refuse } from "../signals/refuse.ts";
import { impatient, runsStatement } from "../statements/run-statement.ts";
import type { Check, TakesBack, Verdict } from "../steps.ts";

const inputSchema = z.strictObject({
  schema: z.string().min(1),
  name: z.string().min(1),
  /** user@host. Left out of ALTER EVENT, whoever alters it becomes its definer, and it runs by other rights from then on. */
  definer: z.string().regex(/^.+@.+$/s),
  /** False: it begins no more; true: it does again. */
  runs: z.boolean(),
});
type JobInput = z.infer<typeof inputSchema>;

/** A14: pauses an event of MySQL or MariaDB, and lets it go on. */
export const pauseJobOffer = defineOffer({
  id: "pause-job",
  spec: ["A14", "A40"],
  title: "Pause or resume the scheduled job",
  risk: "disruptive",
  asksAlways: true,
  engines: ["mysql", "mariadb"],
  input: inputSchema,
  undo: "Let it run again, or pause it again.",
  preview: (input) => `SET SESSION lock_wait_timeout = ${impatient.mysql};\n${statementOf(input)}`,
  describes: ({ schema, name, runs }) =>
    `${runs ? "Resumes" : "Pauses"} event ${schema}.${name}; a run that has begun goes on`,
  key: ({ schema, name, runs }) => `pause-job ${schema} ${name} ${runs}`,
});

/** https://dev.mysql.com/doc/refman/8.4/en/alter-event.html, https://mariadb.com/kb/en/alter-event/ */
function statementOf({ schema, name, definer, runs }: JobInput): string {
  const at = definer.lastIndexOf("@");
  const account = `${mysqlName(definer.slice(0, at))}@${mysqlName(definer.slice(at + 1))}`;
  return `ALTER DEFINER = ${account} EVENT ${mysqlName(schema, name)} ${runs ? "ENABLE" : "DISABLE"}`;
}

export const pauseJob = /* @__PURE__ */ defineDatabaseAction(
  pauseJobOffer,
  /* @__PURE__ */ runsStatement({
    what: "change of the event",
    grants: { postgres: [], mysql: [], mariadb: [] },
    lockSeconds: impatient,
    longestSeconds: 30,
    sql: (input: JobInput, _target: Target) => statementOf(input),
    check,
    proves,
    undoes: async (_world, input): Promise<TakesBack> => ({
      actionId: pauseJobOffer.id,
      input: { ...input, runs: !input.runs },
    }),
  }),
);

const eventSchema = z.object({ definer: z.string(), status: z.string() });

async function lookAt(
  { session, signal }: DatabaseWorld,
  { schema, name }: JobInput,
): Promise<z.infer<typeof eventSchema> | null> {
  const sql = `SELECT DEFINER AS definer, STATUS AS status FROM information_schema.EVENTS
WHERE EVENT_SCHEMA = ? AND EVENT_NAME = ?`;
  const [row] = await session.query({ sql, params: [schema, name] }, signal);
  return row === undefined ? null : eventSchema.parse(row);
}

async function check(world: DatabaseWorld, input: JobInput): Promise<Check> {
  const { schema, name, definer, runs } = input;
  const event = mysqlName(schema, name);
  const found = await lookAt(world, input);
  if (found === null)
    return refuse(
      "no-such-object",
      `There is no event ${event}, or the acting user has no right to it and does not see it.`,
      `GRANT EVENT ON ${mysqlName(schema)}.* TO the acting user, and SET_ANY_DEFINER (SET_USER_ID up to 8.1; on MariaDB SET USER), so that its definer stays.`,
    );
  if (found.definer !== definer)
    return refuse(
      "changed-since",
      `Event ${event} belongs to ${found.definer} now, and was ${definer}'s.`,
      "Nothing to release: it is looked at anew.",
    );
  if (found.status === "ENABLED" || found.status === "DISABLED")
    return (found.status === "ENABLED") === runs
      ? { kind: "already-done", says: `Event ${event} is ${found.status.toLowerCase()} already.` }
      : { kind: "go", says: `Event ${event} is ${found.status.toLowerCase()}.` };
  return refuse(
    "replica-event",
    `Event ${event} is ${found.status}: it belongs to the source, and is changed there.`,
    "Give the order for the source.",
  );
}

async function proves(world: DatabaseWorld, input: JobInput): Promise<Verdict> {
  const found = await lookAt(world, input);
  const says = `Event ${input.name} is ${found?.status.toLowerCase() ?? "gone"}, and ${found?.definer ?? "nobody"}'s.`;
  return found?.status === (input.runs ? "ENABLED" : "DISABLED") && found.definer === input.definer
    ? { kind: "verified", says }
    : { kind: "not-verified", says };
}
