import { proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { View } from "../facts/view.ts";
import { changeParameter } from "./aws/parameter-remedies.ts";

export interface MysqlParameter {
  readonly id: string;
  readonly name: string;
  readonly value: number;
  readonly was: number | null;
  readonly consequence: string;
}

/**
 * A dynamic parameter of MySQL or MariaDB: in the parameter group, or where the server is its owner's, by statement.
 * https://dev.mysql.com/doc/refman/8.4/en/set-variable.html
 */
export function setMysqlParameter(
  view: View,
  { id, name, value, was, consequence }: MysqlParameter,
): ProposedAction {
  const undo = `Undo: ${was === null ? "the old value" : `the old value, ${was}`}`;
  if (view.evidence.target.flavour !== "self-managed") {
    const change = { id, spec: "A6", name, value: String(value) };
    return changeParameter(view, change, `${consequence} ${undo}, in the parameter group.`);
  }
  return proposeManual({
    id,
    spec: ["A6"],
    risk: "disruptive",
    preview: `SET GLOBAL ${name} = ${value};`,
    describes: `set ${name} to ${value}`,
    consequence: `${consequence} Lost at a restart: write it into the server's configuration, too. ${undo}.`,
  });
}
