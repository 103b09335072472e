import { fingerprint } from "../text/fingerprint.ts";
import { withoutLeadingComments } from "../text/statement-parts.ts";
import { tableIn } from "../text/table-in.ts";
import { statementText } from "../text/wording.ts";
import { type LoadShare, loadShares } from "./insights.ts";
import { rounded, statementsOf } from "./statements.ts";
import type { View } from "./view.ts";
import { loadAt } from "./wait-load.ts";

/** One session that works all the time: less idles in between, more are several. */
const oneSession = { least: 0.7, most: 1.3 };
/** Called so often it is many short statements, whose load makes one session together. */
const oftenPerSecond = 1;

/** An INSERT keeps a row that nobody else has seen. */
const changesRows = /^(?:update|delete|merge)\b/i;

/**
 * What changes rows of the table meanwhile, keeps about one session at work and waits for none of its rows: it may be the
 * one transaction that keeps them, and where nobody counted its calls it may as well be many short ones, each
 * with rows of its own. Words for the evidence; null without one, or where it is called again and again. A
 * holder that idles is not among them.
 */
export function rowWriter(view: View, table: string, names: Pick<RegExp, "test">): string | null {
  const writer = loadShares(view, "statement").find((share) => isLike(share, table, names));
  if (writer === undefined) return null;
  const calls = callsPerSecond(view, writer.name);
  if (calls !== null && calls >= oftenPerSecond) return null;
  const says = `${statementText(writer.name) ?? "a statement"} changes ${table} meanwhile, waits for none of its rows and makes a load of ${rounded(writer.load)}, as one session does that is always at work`;
  return calls === null
    ? `${says}: one transaction, or many short ones, which was not counted`
    : `${says}, and is called less than once a second: it may be what keeps them`;
}

function isLike({ name, load, waits }: LoadShare, table: string, names: Pick<RegExp, "test">): boolean {
  return (
    load >= oneSession.least &&
    load <= oneSession.most &&
    waits.length > 0 &&
    loadAt({ waits }, names) === 0 &&
    tableIn(name)?.split(".").at(-1) === table &&
    changesRows.test(withoutLeadingComments(name).trimStart())
  );
}

/** Of all users; null where its calls are not counted, or its text is not found there. */
function callsPerSecond(view: View, query: string): number | null {
  const shape = fingerprint(query);
  const same = (statementsOf(view) ?? []).filter((one) => fingerprint(one.query) === shape);
  return same.length === 0 ? null : same.reduce((sum, { now }) => sum + now.callsPerSecond, 0);
}
