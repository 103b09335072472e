import type { Engine, Target } from "../../contract/target.ts";
import type { SqlStatement } from "../../ports.ts";
import { withLiterals } from "../with-literals.ts";
import { mariadbSignals } from "./mariadb-signal.ts";
import type { SessionVerb } from "./moved-on.ts";
import { mysqlSignals } from "./mysql-signal.ts";
import { postgresSignals } from "./postgres-signal.ts";
import type { SessionTarget } from "./session-target.ts";
import type { Signals, Way } from "./signals.ts";

const signalsByEngine: Readonly<Record<Engine, Signals>> = {
  postgres: postgresSignals,
  mysql: mysqlSignals,
  mariadb: mariadbSignals,
};

export function signalsOf({ engine }: Target): Signals {
  return signalsByEngine[engine];
}

export function describeVictim(input: SessionTarget): string {
  const from = input.client === null ? "" : ` from ${input.client}`;
  const rows = input.rowsModified === null ? "" : `, ${input.rowsModified} rows changed`;
  const query = input.query === null ? "" : `: ${oneLine(input.query)}`;
  return `session ${input.sessionId} of ${input.user ?? "unknown"} (${input.application ?? "no application name"}${from}, ${doing(input)}${rows})${query}`;
}

function doing({ state, seenTransactionSeconds }: SessionTarget): string {
  const age =
    seenTransactionSeconds === null ? "" : `, transaction open ${Math.round(seenTransactionSeconds)} s`;
  return `${state.replaceAll("-", " ")}${age}`;
}

function oneLine(query: string): string {
  const flat = query.replace(/\s+/g, " ").trim();
  return flat.length > 200 ? `${flat.slice(0, 199)}…` : flat;
}

/** The first way's acting statement with its values: the one that is sent where it exists and is allowed. */
export function previewOf(input: SessionTarget, target: Target, verb: SessionVerb): string {
  const [way] = signalsOf(target)[verb](input, { target, spares: input.sparesAdministrators });
  if (way === undefined) return "";
  return shownLines(way)
    .map((statement) => `${withLiterals(statement, target.engine)};`)
    .join("\n");
}

/** What a person pastes must be safe as it stands, so where the engine's own statement takes no condition, one is built. */
function shownLines(way: Way): readonly SqlStatement[] {
  return way.kind === "answers-rows" ? [way.act] : (way.byHand ?? [way.act]);
}
