import { sessionsRunning } from "../../facts/sessions-running.ts";
import {
  rounded,
  rowsPerCallNow,
  type Statement,
  statementProbes,
  statementsOf,
} from "../../facts/statements.ts";
import { explainsLoad, overload, waitsForLocks } from "../../facts/strain.ts";
import type { View } from "../../facts/view.ts";
import { isLookup, isSelect } from "../../text/statement-text.ts";
import { duration, statementText } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";

export const nPlusOne = defineRule({
  id: "n-plus-one",
  spec: ["D4"],
  category: "queries",
  title: "An application asks for each row of a list by itself",
  needs: [...statementProbes],
  evaluate: (view) => {
    const statements = statementsOf(view) ?? [];
    return statements
      .filter((statement) => isMany(statement, statements) && !waitsForLocks(view, statement))
      .flatMap((statement) => {
        const parent = listBehind(statement, statements);
        return parent === null ? [] : [draftOf(view, statement, parent)];
      });
  },
});

/** Calls a second from which the round trips themselves are a load. */
const manyCalls = 100;
const mostOfAllCalls = 0.4;
const quickSeconds = 0.005;
/** Rows of the list for each of which one call follows. */
const shortestList = 10;

/** One shape, very many quick calls for a row each, and a large part of everything that is called. */
function isMany(statement: Statement, all: readonly Statement[]): boolean {
  const { callsPerSecond, meanSeconds } = statement.now;
  const calls = all.reduce((sum, { now }) => sum + now.callsPerSecond, 0);
  return (
    isLookup(statement.query) &&
    callsPerSecond >= manyCalls &&
    callsPerSecond >= mostOfAllCalls * calls &&
    (meanSeconds ?? 1) <= quickSeconds &&
    (rowsPerCallNow(statement) ?? 2) <= 2
  );
}

/**
 * The list whose rows are looked up one by one: a SELECT of the same user that hands out about as many rows as there
 * are calls. Without one, many quick lookups are what a busy application does.
 */
function listBehind(statement: Statement, all: readonly Statement[]): Statement | null {
  const { callsPerSecond } = statement.now;
  const lists = all.filter((other) => {
    const { rowsPerSecond } = other.now;
    return (
      other.key !== statement.key &&
      other.user === statement.user &&
      isSelect(other.query) &&
      (rowsPerCallNow(other) ?? 0) >= shortestList &&
      rowsPerSecond >= callsPerSecond / 2 &&
      rowsPerSecond <= callsPerSecond * 2
    );
  });
  const off = ({ now }: Statement): number => Math.abs(now.rowsPerSecond - callsPerSecond);
  return lists.toSorted((a, b) => off(a) - off(b))[0] ?? null;
}

function draftOf(view: View, statement: Statement, parent: Statement): FindingDraft {
  const { callsPerSecond, meanSeconds } = statement.now;
  const load = overload(view);
  const rows = rounded(rowsPerCallNow(parent) ?? 0);
  const callers = callersOf(view, statement, parent);
  const texts: readonly (readonly [string, Statement])[] = [
    ["asked for each row", statement],
    ["the list", parent],
  ];
  return {
    subject: statement.key,
    severity: load === null ? "P3" : "P2",
    confidence: load === null ? 0.6 : 0.75,
    summary: `One lookup is called ${rounded(callsPerSecond)} times a second for a row each (${duration(meanSeconds)} a call${callers}), about once for every row of a list of ${rows} rows that is read ${rounded(parent.now.callsPerSecond)} times a second; one join would do${load === null ? "" : `, and ${load}`}`,
    evidence: texts.flatMap(([what, { query, source }]) => {
      const text = statementText(query);
      return text === null ? [] : [{ source, says: `${what}: ${text}` }];
    }),
    explains:
      load === null
        ? []
        : explainsLoad(
            view,
            statement,
            ["cpu-saturated", "instance-undersized"],
            `${rounded(callsPerSecond)} calls a second come from it`,
          ),
    actions: [],
  };
}

/** Whom to tell: the applications seen calling it, or its user. */
function callersOf(view: View, statement: Statement, parent: Statement): string {
  const seen = [statement, parent].flatMap(({ query }) => sessionsRunning(view, query));
  const applications = [...new Set(seen.flatMap(({ application }) => application ?? []))].toSorted();
  if (applications.length > 0) return `, by ${applications.slice(0, 3).join(", ")}`;
  return statement.user === null ? "" : `, by user ${statement.user}`;
}
