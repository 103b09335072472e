import { mysqlConditions } from "./mysql-conditions.ts";
import type { MysqlPlan, MysqlTableAccess } from "./mysql-explain-json.ts";

/** One value that nobody kept: with a single one the server would look for its row while planning. */
export const madeUpValue = "in ('1', '2')";
/** A list of values that nobody kept. */
export const madeUpList = "in ('1', '2', '3')";

/** As a plan has it again; MySQL turns the two into numbers where the column is one. */
const valueInPlan = /\bin \((?:'1', ?'2'|1, ?2)\)/g;

/** The plan as one of the statement itself, in which each of those columns is compared with one value. */
export function withSingleValues(plan: MysqlPlan): MysqlPlan {
  return { ...plan, tables: plan.tables.map(withSingleValue) };
}

function withSingleValue(access: MysqlTableAccess): MysqlTableAccess {
  const conditions = access.conditions.map((text) => text.replace(valueInPlan, "= '1'"));
  const { keyParts = [] } = access;
  const single = conditions.flatMap((text) => (/\bin \(/i.test(text) ? [] : mysqlConditions(text)));
  const isLookedUp = (part: string): boolean =>
    single.some(({ kind, column }) => kind === "equality" && column.toLowerCase() === part.toLowerCase());
  const found = access.access === "range" && keyParts.length > 0 && keyParts.every(isLookedUp);
  return found
    ? { ...access, conditions, access: "ref", refs: keyParts.map(() => "const") }
    : { ...access, conditions };
}
