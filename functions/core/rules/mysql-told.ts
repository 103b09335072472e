import type { CauseId } from "../contract/cause-ids.ts";
import type { FindingDraft, ToldSoFar } from "./define.ts";
import type { MysqlSaid, Said } from "./mysql-said.ts";

type Draft = FindingDraft & { readonly id: CauseId };

/**
 * What MySQL or MariaDB says of itself, in its error log and by its counters, of causes that no rule has told, or told
 * less bad. Nothing is proposed for it, as one witness is no proof.
 */
export function mysqlTold({ log, counts }: MysqlSaid, told: readonly ToldSoFar[]): readonly Draft[] {
  const logged = draftsOf(log, told);
  const counted = draftsOf(
    counts.filter(({ enough }) => enough),
    [...told, ...logged],
  );
  return [
    ...logged.map((draft) => ({ ...draft, evidence: [...draft.evidence, ...beside(counts, draft)] })),
    ...counted,
  ];
}

/** What it says of a cause that was told already. */
export function mysqlBeside({ log, counts }: MysqlSaid, told: ToldSoFar): FindingDraft["evidence"] {
  return [...beside(log, told), ...beside(counts, told)];
}

const shown = 5;

function beside(all: readonly Said[], { id, severity }: ToldSoFar): FindingDraft["evidence"] {
  if (severity === "P3") return [];
  return all
    .filter(({ cause }) => cause === id)
    .slice(0, shown)
    .map(piece);
}

function draftsOf(said: readonly Said[], told: readonly ToldSoFar[]): readonly Draft[] {
  const hurts = told.filter(({ severity }) => severity !== "P3");
  return [...Map.groupBy(said, ({ cause }) => cause).values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const draft = draftOf(first, others, hurts.length > 0);
    return hurts.some(({ id, severity }) => id === draft.id && severity <= draft.severity) ? [] : [draft];
  });
}

function draftOf(first: Said, others: readonly Said[], isBeside: boolean): Draft {
  const { source, mild, mend, words, says, severity, confidence, cause, explains } = first;
  return {
    id: cause,
    subject: source,
    severity: mild && isBeside ? "P3" : severity,
    confidence,
    summary: says,
    evidence: [
      ...words.map((line) => ({ source, says: line })),
      ...others.map(piece),
      ...(mend === null ? [] : [{ source: "engine", says: `the remedy: ${mend}` }]),
    ],
    explains: [cause, ...explains].map((each) => ({ cause: each, because: "the server says so" })),
    actions: [],
  };
}

function piece({ source, says }: Said): FindingDraft["evidence"][number] {
  return { source, says };
}
