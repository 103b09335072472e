import { proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import { settingsOf } from "../facts/settings-facts.ts";
import type { View } from "../facts/view.ts";
import { duration } from "../text/wording.ts";
import { changeParameter } from "./aws/parameter-remedies.ts";
import type { Owner } from "./owner.ts";
import { limitPostgresIdleTransactions, setPostgresLimit } from "./postgres-timeout-remedies.ts";

/**
 * So that it cannot happen again (A6). MySQL has no limit for idle transactions, only for idle sessions.
 * https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-IDLE-IN-TRANSACTION-SESSION-TIMEOUT
 * https://mariadb.com/docs/server/server-management/variables-and-modes/server-system-variables#idle_transaction_timeout
 */
export function limitIdleTransactions(view: View, { user }: Owner): readonly ProposedAction[] {
  const { engine } = view.evidence.target;
  const seconds = view.thresholds.idleInTransactionSeconds;
  switch (engine) {
    case "postgres":
      return limitPostgresIdleTransactions(view, user, seconds);
    case "mariadb":
      return setServerTimeout(view, {
        name: "idle_transaction_timeout",
        seconds,
        consequence: `Applies to sessions that begin after it, of every user. ${longerPauses}`,
      });
    case "mysql":
      return setServerTimeout(view, {
        name: "wait_timeout",
        seconds: longerThanPoolsKeep,
        consequence: `MySQL has no limit for idle transactions alone, so this one ends a forgotten session as well. ${poolsKeep}`,
      });
    default:
      return engine satisfies never;
  }
}

const longerPauses =
  "An application that pauses longer inside a transaction is then disconnected and its work rolls back.";

/**
 * Less, and the server closes connections that a pool still takes for good ones. Pools renew theirs after 30 minutes
 * (HikariCP's maxLifetime). https://github.com/brettwooldridge/HikariCP#frequently-used
 */
const longerThanPoolsKeep = 2100;
const poolsKeep = `Applies to sessions that begin after it, of every user; ${longerThanPoolsKeep} s is more than the 30 min for which pools commonly keep a connection: a pool that keeps them longer needs more.`;

interface ServerTimeout {
  readonly name: string;
  readonly seconds: number;
  readonly consequence: string;
}

/** SET GLOBAL is lost at a restart, and on RDS not allowed. https://dev.mysql.com/doc/refman/8.4/en/set-variable.html */
function setServerTimeout(
  view: View,
  { name, seconds, consequence }: ServerTimeout,
): readonly ProposedAction[] {
  const { flavour } = view.evidence.target;
  const before = settingsOf(view)?.seconds(name) ?? null;
  // Zero is no limit; a shorter one than this has not kept it from happening, and to lengthen it is no remedy.
  if (before !== null && before > 0 && before <= seconds) return [];
  const old = before === null ? "the old value" : `the old value, ${before}`;
  if (flavour !== "self-managed") {
    const change = { id: "set-timeout", spec: "A6", name, value: String(seconds) };
    return [changeParameter(view, change, `${consequence} Undo: ${old}, in the parameter group.`)];
  }
  return [
    proposeManual({
      id: "set-timeout",
      spec: ["A6"],
      risk: "disruptive",
      preview: `SET GLOBAL ${name} = ${seconds};`,
      describes: `set ${name} to ${duration(seconds)}`,
      consequence: `${consequence} Lost at a restart: write it into the server's configuration, too. Undo: ${old}.`,
    }),
  ];
}

/** Where nobody has set one (A6): a limit that few notice and that a forgotten session meets. */
export function setLimit(
  view: View,
  { name, what }: { readonly name: string; readonly what: string },
): readonly ProposedAction[] {
  const { engine, flavour } = view.evidence.target;
  if (engine === "postgres") return setPostgresLimit(view, { name, what });
  if (flavour === "self-managed") return [];
  const [seconds, consequence] =
    name === "wait_timeout"
      ? [
          longerThanPoolsKeep,
          `New sessions only; pools must test a connection before they use it. ${poolsKeep}`,
        ]
      : [
          60,
          "New sessions only: a statement that needs the table for itself gives up after it, with an error.",
        ];
  return [
    changeParameter(view, { id: "set-timeouts", spec: "A6", name, value: String(seconds) }, consequence),
  ];
}
