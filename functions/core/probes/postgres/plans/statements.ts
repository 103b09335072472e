import * as z from "zod";
import { SqlError } from "../../../errors.ts";
import { type Explainable, explainable } from "../../../plans/explainable.ts";
import type { SqlRow } from "../../../ports.ts";
import { lexSql } from "../../../text/lex-sql.ts";

export type Answers = readonly (readonly SqlRow[])[];

/** Statements looked at to find those worth explaining. */
export const maxStatements = 30;

const environmentSchema = z.object({
  sees_all: z.boolean(),
  reads_all: z.boolean(),
  statements_schema: z.string().nullable(),
  knows_top_level: z.boolean().nullable().default(true),
  hypopg_schema: z.string().nullable(),
  trgm_schema: z.string().nullable().default(null),
  work_mem: z.number(),
  hash_mem_multiplier: z.number(),
  plain_strings: z.boolean(),
});
export type Environment = z.infer<typeof environmentSchema>;

/** Throws SqlError when there is nothing to see, or when it would not be safe to ask. */
export function environmentOf(answers: Answers): Environment & { readonly statements_schema: string } {
  const environment = environmentSchema.parse(answers[0]?.[0]);
  const { statements_schema } = environment;
  if (!environment.sees_all) throw new SqlError("permission", "42501", "other users' statements are hidden");
  if (!environment.plain_strings) {
    throw new SqlError("other", "standard_conforming_strings", "standard_conforming_strings is off");
  }
  if (statements_schema === null) {
    throw new SqlError("missing-object", "42P01", "pg_stat_statements is not installed in this database");
  }
  return { ...environment, statements_schema };
}

const statementSchema = z.object({
  query_id: z.string(),
  user_name: z.string().nullable(),
  calls: z.number(),
  total_seconds: z.number(),
  rows: z.number(),
  /** Come upon in all, in the cache or not; null: not counted. */
  pages: z.number().nullable().default(null),
  query: z.string().nullable(),
  search_path: z.string(),
  running: z.number().int().nullable().default(null),
  /** Its values must not be sent: the server would keep them. */
  bare: z.boolean().default(false),
  /** Sent by a function, not by a client. */
  nested: z.boolean().default(false),
  /** Its text with values in place, from a session that runs it just now, and for how long. */
  sample: z.string().nullable().default(null),
  sample_seconds: z.number().nullable().default(null),
});

type Values = Extract<Explainable, { kind: "yes" }>;

export interface Worst extends z.infer<typeof statementSchema> {
  readonly explainable: Explainable;
  /** As it runs just now, its values in place; null where it does not run, or values are sent apart from it. */
  readonly sampled: Values | null;
}

/** What could be explained at all, by its text; the worst first. */
export function worstOf(answers: Answers): readonly Worst[] {
  return z
    .array(statementSchema)
    .parse(answers[1] ?? [])
    .map((statement) => ({
      ...statement,
      explainable:
        statement.query === null
          ? { kind: "no", reason: "its text is not kept any more" }
          : explainable(statement.bare ? literalsAsParameters(statement.query) : statement.query),
      sampled: sampledOf(statement.sample),
    }));
}

/** As pg_stat_statements keeps it: each constant is $n. */
function literalsAsParameters(query: string): string {
  const tokens = [...lexSql(query, "postgres")];
  const used = tokens.map(({ text }) => (/^\$\d+$/.test(text) ? Number(text.slice(1)) : 0));
  let last = Math.max(0, ...used);
  return tokens.map(({ kind, text }) => (kind === "literal" ? `$${++last}` : text)).join("");
}

function sampledOf(sample: string | null): Values | null {
  const found = sample === null ? null : explainable(sample);
  return found?.kind === "yes" && found.parameters === 0 ? found : null;
}

/** Whatever in the texts could name something. */
export function wordsIn(statements: readonly Worst[]): readonly string[] {
  const words = statements.flatMap(({ explainable: of, sampled }) =>
    of.kind === "yes" ? [...of.words, ...(sampled?.words ?? [])] : [],
  );
  return [...new Set(words)];
}

const foreignCodeSchema = z.object({
  name: z.string(),
  kind: z.enum(["name", "reach", "away", "all", "queue", "column", "policy"]),
  /** Of a policy: whose function it calls. */
  detail: z.string().nullable().default(null),
});
type Foreign = z.infer<typeof foreignCodeSchema>;
type Bar = Foreign & { readonly kind: Exclude<Foreign["kind"], "column" | "policy"> };

/** The statements with a verdict on whether planning them could run the application's own code, or would queue. */
export function judged(answers: Answers): readonly Worst[] {
  const answered = z.array(foreignCodeSchema).parse(answers[2] ?? []);
  const foreign = answered.filter((one): one is Bar => one.kind !== "column" && one.kind !== "policy");
  const policies = answered.filter(({ kind }) => kind === "policy");
  const columns = new Set(
    answered.filter(({ kind }) => kind === "column").map(({ name }) => name.toLowerCase()),
  );
  const all = foreign.find(({ kind }) => kind === "all");
  let said = false;
  return worstOf(answers).map((worst) => {
    const misnamed = foreign.some(({ name }) => worst.sampled?.words.includes(name));
    const statement = misnamed ? { ...worst, sampled: null } : worst;
    if (statement.explainable.kind === "no") return statement;
    const { words } = statement.explainable;
    const named = all ?? foreign.find(({ name }) => words.includes(name));
    if (!named)
      return statement.nested && statement.query !== null
        ? { ...statement, explainable: explainable(statement.query, columns) }
        : statement;
    const reason = all && said ? "no statement of this database is planned, as said above" : whyNot(named);
    const called = policies.filter(({ name }) => words.includes(name)).flatMap(({ detail }) => detail ?? []);
    said = true;
    return { ...statement, explainable: { kind: "no", reason: [...called.slice(0, 2), reason].join("; ") } };
  });
}

function whyNot({ name, kind }: Bar): string {
  switch (kind) {
    case "queue":
      return `somebody queues for ${name}, and a plan of it would queue as well`;
    case "name":
      return `${name} is the application's own code, which planning could run with the responder's rights`;
    case "reach":
      return `${name} runs or reads what a text names, or leads to a function that does: planning could run that with the responder's rights`;
    case "away":
      return `${name} is a foreign table or leads to one, whose server planning could ask`;
    case "all":
      return `${name} leads to the application's own code, which planning could run with the responder's rights without a word of it in a statement: none of this database is planned (a person sees a plan by EXPLAIN as the application's own role)`;
    default:
      return kind satisfies never;
  }
}
