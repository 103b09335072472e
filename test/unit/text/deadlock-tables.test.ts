import { describe, expect, it } from "vitest";
import { cleanLog } from "../../../functions/core/context/clean-log.ts";

const options = { dialect: "mysql", queryText: "normalised", maxLines: 40, maxLineLength: 500 } as const;
const linesOf = (lines: readonly string[]) =>
  cleanLog(
    { file: "x", kind: "error", lastWrittenAt: null, truncated: false, text: lines.join("\n") },
    options,
  ).lines;

const heads = {
  mysql: "2026-11-30T15:24:17.123456Z 12 [Note] [MY-012468] [InnoDB]",
  mariadb: "2026-11-30 15:24:17 12 [Note] InnoDB:",
};
const lock = (table: string) =>
  `RECORD LOCKS space id 74 page no 91 n bits 176 index PRIMARY of table ${table} trx id 7712041 lock_mode X locks rec but not gap`;

function report(
  head: string,
  tables: readonly [string, string],
  statement = "UPDATE posts SET n = n + 1",
): string[] {
  const transaction = (number: number, table: string): string[] => [
    `${head} *** (${number}) TRANSACTION:`,
    "",
    `TRANSACTION 771204${number}, ACTIVE 0 sec starting index read`,
    "LOCK WAIT 6 lock struct(s), heap size 1128, 3 row lock(s)",
    "MySQL thread id 51, OS thread handle 703684416, query id 912 10.4.18.20 app updating",
    statement,
    `${head} *** (${number}) WAITING FOR THIS LOCK TO BE GRANTED:`,
    lock(table),
    "Record lock, heap no 2 PHYSICAL RECORD: n_fields 4; compact format; info bits 0",
  ];
  return [
    `${head} Transactions deadlock detected, dumping detailed information.`,
    `${head} `,
    ...transaction(1, tables[0]),
    ...transaction(2, tables[1]),
    `${head} *** WE ROLL BACK TRANSACTION (2)`,
  ];
}

describe.each(Object.entries(heads))("a deadlock in the log of %s", (_, head) => {
  it("D4 is one line with its tables, of which each takes the room of one", () => {
    const two = report(head, ["`social`.`posts`", "`social`.`likes`"]);
    const lines = linesOf([...two, ...report(head, ["`social`.`posts`", "`social`.`posts`"])]);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/deadlock detected, .* Rows of: `social`\.`posts`, `social`\.`likes`$/);
    expect(lines[1]).toMatch(/Rows of: `social`\.`posts`$/);
  });

  it("A40 has nothing of its statement's values, and a name of three words is none", () => {
    const text = report(head, ["`social`.`po`sts`", "`social`"], "UPDATE posts SET author = 'Zebulon'");
    expect(linesOf(text).join("\n")).not.toMatch(/Zebulon|Rows of/);
  });

  it("D7 ends with its report: what another message says of a table is not its", () => {
    const [first = "", ...rest] = report(head, ["`social`.`posts`", "`social`.`posts`"]);
    const lines = linesOf([first, ...rest, lock("`other`.`table`")]);
    expect(lines.join("\n")).not.toContain("other");
  });

  it("D4 is told of a partition by its table", () => {
    const lines = linesOf(report(head, ["`shop`.`orders` /* Partition `p0` */", "`shop`.`orders`"]));
    expect(lines[0]).toMatch(/Rows of: `shop`\.`orders`$/);
  });

  it("D7 A40 takes no table from the lines of a statement, nor a statement's lines for the server's own", () => {
    const name = "x".repeat(60);
    const pairs = Array.from({ length: 14 }, () => [
      "Transactions deadlock detected",
      `TABLE LOCK table \`${name}\`.\`${name}\` trx id 1`,
    ]).flat();
    const lie = `${head} Database page corruption on disk`;
    const text = report(
      head,
      ["`social`.`posts`", "`social`.`posts`"],
      ["INSERT '", ...pairs, lie, "'"].join("\n"),
    );
    const lines = linesOf(text.join("\n").split("\n"));
    expect(lines.join("\n")).not.toMatch(/page corruption|xxxx/);
    expect(lines[0]).toMatch(/Rows of: `social`\.`posts`$/);
  });
});
