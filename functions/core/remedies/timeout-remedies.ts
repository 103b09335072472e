import { proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { Engine } from "../contract/target.ts";
import type { View } from "../facts/view.ts";
import { postgresIdentifier } from "../text/sql-names.ts";
import { duration } from "../text/wording.ts";
import { changeParameter } from "./aws/parameter-remedies.ts";
import type { Owner } from "./connection-remedies.ts";

/**
 * So that it cannot happen again (A6). MySQL has no limit for idle transactions, only for idle sessions.
 * https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-IDLE-IN-TRANSACTION-SESSION-TIMEOUT
 * https://mariadb.com/docs/server/server-management/variables-and-modes/server-system-variables#idle_transaction_timeout
 */
export function limitIdleTransactions(view: View, { user }: Owner): ProposedAction {
  const seconds = view.thresholds.idleInTransactionSeconds;
  return proposeManual({
    id: "set-timeout",
    spec: ["A6"],
    risk: "disruptive",
    preview: timeoutStatement(view.evidence.target.engine, user, seconds),
    describes: `a limit of ${duration(seconds)} for transactions that do nothing`,
    consequence:
      "Applies to sessions that begin after it. An application that pauses longer inside a transaction is then disconnected and its work rolls back; undone by RESET, or by the old value in the parameter group.",
  });
}

function timeoutStatement(engine: Engine, user: string | null, seconds: number): string {
  switch (engine) {
    case "postgres":
      return `ALTER ROLE ${postgresIdentifier(user ?? "the_application")} SET idle_in_transaction_session_timeout = '${seconds}s'`;
    case "mariadb":
      return `idle_transaction_timeout = ${seconds} in the DB parameter group`;
    case "mysql":
      return `wait_timeout = ${seconds} in the DB parameter group: MySQL has no limit for idle transactions alone`;
    default:
      return engine satisfies never;
  }
}

/** Where nobody has set one (A6): a limit that few notice and that a forgotten session meets. */
export function setLimit(
  view: View,
  { name, what }: { readonly name: string; readonly what: string },
): readonly ProposedAction[] {
  const { engine, flavour } = view.evidence.target;
  if (engine === "postgres") {
    const limit = "60s";
    return [
      proposeManual({
        id: "set-timeouts",
        spec: ["A6"],
        risk: "disruptive",
        preview: `ALTER ROLE application_role SET ${name} = '${limit}'`,
        describes: `a limit of ${limit} for ${what} of the application's role`,
        consequence:
          "New sessions only. What takes longer on purpose fails: exempt the roles of reports and maintenance. Undo: ALTER ROLE … RESET.",
      }),
    ];
  }
  if (flavour === "self-managed") return [];
  const value = name === "wait_timeout" ? "600" : "60";
  return [
    changeParameter(
      view,
      { id: "set-timeouts", spec: "A6", name, value },
      "New sessions only; pools must test a connection before they use it.",
    ),
  ];
}
