import * as z from "zod";
import type { Target } from "../../contract/target.ts";
import { mysqlName } from "../../text/sql-names.ts";
import { type DatabaseWorld, defineDatabaseAction, defineOffer } from "../define.ts";
import { refuse } from "../signals/refuse.ts";
import { asItWasMade, lookAtEvent, tooLate, wouldChange } from "../statements/mysql-event.ts";
import { impatient } from "../statements/object-statement.ts";
import { runsStatement } from "../statements/run-statement.ts";
import type { Check, TakesBack, Verdict } from "../steps.ts";
import { withLiterals } from "../with-literals.ts";

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
  undo: "Let it run again, or pause it again; a one-time event that is paused is not resumed by an undo.",
  preview: (input) => `SET SESSION lock_wait_timeout = ${impatient.mysql};
${withLiterals(asItWasMade(input), "mysql")};
${statementOf(input)}`,
  describes: ({ schema, name, runs }) =>
    `${runs ? "Resumes" : "Pauses"} event ${schema}.${name}; a run that has begun goes on${runs ? "" : "; a one-time event gets no undo"}`,
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
    setting: async (_world, input) => asItWasMade(input),
    marks: async (world, input) => (await lookAtEvent(world, input))?.characters ?? null,
    proves,
    undoes,
    undoesFound: undoes,
    isUntouched: notAlteredSince,
  }),
);

async function undoes(world: DatabaseWorld, input: JobInput): Promise<TakesBack> {
  if (!input.runs && (await lookAtEvent(world, input))?.once !== false) return null;
  return { actionId: pauseJobOffer.id, input: { ...input, runs: !input.runs } };
}

/** By the server's own clock alone, and a second for its whole ones. */
async function notAlteredSince(world: DatabaseWorld, input: JobInput): Promise<boolean> {
  const age = (await lookAtEvent(world, input))?.alteredSeconds ?? null;
  return age !== null && age > (world.clock.now() - world.orderedAt) / 1000 + 1;
}

async function check(world: DatabaseWorld, input: JobInput): Promise<Check> {
  const { schema, name, definer, runs } = input;
  const event = mysqlName(schema, name);
  const found = await lookAtEvent(world, input);
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
  if (found.status !== "ENABLED" && found.status !== "DISABLED")
    return refuse(
      "replica-event",
      `Event ${event} is ${found.status}: it belongs to the source, and is changed there.`,
      "Give the order for the source.",
    );
  if ((found.status === "ENABLED") === runs)
    return { kind: "already-done", says: `Event ${event} is ${found.status.toLowerCase()} already.` };
  return (
    wouldChange(found, input) ??
    (runs ? tooLate(found, event) : null) ?? {
      kind: "go",
      says: `Event ${event} is ${found.status.toLowerCase()}.`,
    }
  );
}

/** Looked at on the acting connection, what it was made with is what this has; on another, the mark tells. */
async function proves(
  world: DatabaseWorld,
  input: JobInput,
  _withinSeconds: number,
  mark: string | null,
): Promise<Verdict> {
  const found = await lookAtEvent(world, input);
  const is = `Event ${input.name} is ${found?.status.toLowerCase() ?? "gone"}, and ${found?.definer ?? "nobody"}'s.`;
  const same = found !== null && found.characters === (mark ?? found.session);
  const says = `${is}${found === null || same ? "" : ` Its character set or collation has changed (${found.characters}).`}${
    found?.once === true && !input.runs
      ? " It is to run once: resumed after its time it would run at once, so there is no undo."
      : ""
  }`;
  return same && found.status === (input.runs ? "ENABLED" : "DISABLED") && found.definer === input.definer
    ? { kind: "verified", says }
    : { kind: "not-verified", says };
}
