import { describe, expect, it } from "vitest";
import { cleanRecord } from "../../../functions/core/context/clean-record.ts";

const my = "2026-11-21T09:58:01.123456Z 12";
const cleaned = (text: string): string => cleanRecord(`${my} ${text}`, "mysql");
const event = "[ERROR] [MY-010045] [Server] Event Scheduler: [app@%][shop.redeem]";
const onQuery = (says: string): string =>
  `[ERROR] Slave SQL: Error '${says}' on query. Default database: 'shop'. Query: 'CALL f(1)', Gtid 0-1-100, Internal MariaDB error code: 1644`;

describe("what is of users in the log of MySQL and MariaDB", () => {
  it.each([
    ["a code", "482913", `${event} verification code 482913 has expired`],
    ["what it took", "482913", `${event} order took 482913`],
    ["a code that a query raised", "482913", onQuery("code 482913 invalid")],
    ["an account of its own", "mueller", `${event} access of account 'mueller' denied`],
    ["one that a query raised", "mueller", onQuery("account 'mueller' is locked")],
    ["a variable with a point", "Hunter2", "[ERROR] [MY-000067] [Server] unknown variable 'a.b=Hunter2'."],
  ])("C3 %s is not kept", (_, secret, text) => {
    expect(cleaned(text)).not.toContain(secret);
  });

  it.each([
    ["error code: 1644", onQuery("x")],
    ["took 14512ms", "[Note] [MY-011953] [InnoDB] Page cleaner took 14512ms to flush 2000 and evict 0 pages"],
    [
      "the account 'ledger'@'10.0.3.7'",
      "[Note] [Server] Password for the account 'ledger'@'10.0.3.7' has expired.",
    ],
    ["'validate_password.x'", "[ERROR] [MY-000067] [Server] unknown variable 'validate_password.x=1'."],
    [
      "`shop.nightly-purge`",
      "[ERROR] [Server] Event Scheduler: [app@%][shop.nightly-purge] Unknown table 't'",
    ],
  ])("D2 %s stays", (kept, text) => {
    expect(cleaned(text)).toContain(kept);
  });
});
