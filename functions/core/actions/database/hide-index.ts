import * as z from "zod";
import type { Target } from "../../contract/target.ts";
import { mysqlName } from "../../text/sql-names.ts";
import { type DatabaseWorld, defineDatabaseAction, defineOffer } from "../define.ts";
import { refuse } from "../signals/refuse.ts";
import { otherThanJudged } from "../statements/existing-index.ts";
import { wasSchema } from "../statements/index-definition.ts";
import { mysqlIndexFacts } from "../statements/index-facts.ts";
import { lookAtTable, notThere } from "../statements/mysql-object.ts";
import { impatient } from "../statements/object-statement.ts";
import { runsStatement } from "../statements/run-statement.ts";
import type { Check, TakesBack, Verdict } from "../steps.ts";

const inputSchema = z.strictObject({
  schema: z.string().min(1),
  table: z.string().min(1),
  name: z.string().min(1),
  /** False takes it from the optimizer's sight, true gives it back. */
  visible: z.boolean(),
  /** What it was when that was judged, or done. Without it nothing is compared, and nothing done. */
  was: wasSchema.exactOptional(),
});
type HideInput = z.infer<typeof inputSchema>;

/** A13, the half of it that is undone in an instant. */
export const hideIndexOffer = defineOffer({
  id: "hide-index",
  spec: ["A13", "A40"],
  title: "Hide or show the index",
  risk: "disruptive",
  asksAlways: true,
  engines: ["mysql", "mariadb"],
  input: inputSchema,
  undo: "Show it again, or hide it again.",
  preview: (input, target) =>
    `SET SESSION lock_wait_timeout = ${impatient[target.engine]};\n${statementOf(input, target)}`,
  describes: ({ schema, table, name, visible }) =>
    `${visible ? "Shows index" : "Hides index"} ${name} of ${schema}.${table} ${visible ? "to" : "from"} the optimizer`,
  key: ({ schema, table, name, visible }) => `hide-index ${schema} ${table} ${name} ${visible}`,
});

/** https://dev.mysql.com/doc/refman/8.4/en/invisible-indexes.html, https://mariadb.com/kb/en/ignored-indexes/ */
function statementOf(
  { schema, table, name, visible }: HideInput,
  { engine }: Pick<Target, "engine">,
): string {
  const [off, on] = engine === "mariadb" ? ["IGNORED", "NOT IGNORED"] : ["INVISIBLE", "VISIBLE"];
  return `ALTER TABLE ${mysqlName(schema, table)} ALTER INDEX ${mysqlName(name)} ${visible ? on : off}`;
}

export const hideIndex = /* @__PURE__ */ defineDatabaseAction(
  hideIndexOffer,
  /* @__PURE__ */ runsStatement({
    what: "change of the index",
    grants: { postgres: [], mysql: [], mariadb: [] },
    lockSeconds: impatient,
    longestSeconds: 60,
    sql: statementOf,
    check,
    proves,
    undoes,
    undoesFound: undoes,
    isUntouched: "by-nothing",
  }),
);

async function undoes(_world: DatabaseWorld, input: HideInput): Promise<TakesBack> {
  return { actionId: hideIndexOffer.id, input: { ...input, visible: !input.visible } };
}

async function check(world: DatabaseWorld, input: HideInput): Promise<Check> {
  const { schema, table, name, visible } = input;
  const found = await lookAtTable(world, { schema, name: table });
  if (found === null) return notThere({ schema, name: table }, "ALTER, SELECT");
  const facts = await mysqlIndexFacts(world, { ...input, keeps: null });
  if (facts === null || name.toUpperCase() === "PRIMARY")
    return refuse(
      "no-such-object",
      `There is no index ${name} of ${table} that can be hidden.`,
      "Nothing to release: the next assessment proposes anew.",
    );
  const other = await otherThanJudged(world, input);
  if (other !== null) return other;
  return facts.visible === visible
    ? { kind: "already-done", says: `Index ${name} is ${shown(visible)} already.` }
    : { kind: "go", says: `Index ${name} is ${shown(facts.visible)}.` };
}

function shown(visible: boolean): string {
  return visible ? "visible" : "hidden";
}

async function proves(world: DatabaseWorld, input: HideInput): Promise<Verdict> {
  const facts = await mysqlIndexFacts(world, { ...input, keeps: null });
  return facts?.visible === input.visible
    ? { kind: "verified", says: `Index ${input.name} is ${shown(input.visible)}.` }
    : { kind: "not-verified", says: `Index ${input.name} is not ${shown(input.visible)}.` };
}
