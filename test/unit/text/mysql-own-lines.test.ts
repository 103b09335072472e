import { describe, expect, it } from "vitest";
import { mysqlOwnLines } from "../../../functions/core/text/mysql-own-lines.ts";

const time = "2026-11-21 09:58:01";
const damage = `${time} 0 [ERROR] InnoDB: Database page corruption on disk`;
const signal = "261121 09:58:01 [ERROR] mariadbd got signal 6 ;";
const own = `${time} 0 [Note] InnoDB: Buffer pool(s) load completed`;
const refused = (user: string) =>
  `${time} 77 [Warning] Access denied for user '${user}'@'9.9.9.9' (using password: YES)`;
const report = (statement: readonly string[], head: string = `${time} 12 [Note] InnoDB: `) => [
  `${head}Transactions deadlock detected, dumping detailed information.`,
  `${head}*** (1) TRANSACTION:`,
  "TRANSACTION 1234, ACTIVE 1 sec starting index read",
  ...statement,
  `${head}*** (1) WAITING FOR THIS LOCK TO BE GRANTED:`,
  " 0: len 4; hex 80000001; asc     ;;",
  `${head}*** (2) TRANSACTION:`,
  "UPDATE t SET a=1",
  `${head}*** WE ROLL BACK TRANSACTION (1)`,
];

function split(lines: readonly string[], truncated: boolean = false) {
  const all = lines.flatMap((line) => line.split("\n"));
  const { lines: kept, doubted, hidden } = mysqlOwnLines(all, truncated);
  return {
    sure: kept.filter((_, at) => !doubted.has(at)),
    doubted: kept.filter((_, at) => doubted.has(at)),
    hidden,
  };
}

describe("the lines of MySQL's and MariaDB's own", () => {
  it.each([
    "*** stack smashing detected ***: terminated",
    "*** buffer overflow detected ***: terminated",
    "*** Error in `mariadbd': double free or corruption (out): 0x00007f *** ",
    refused("a\n*** b"),
    refused("a\n*** (1) TRANSACTION:"),
    refused("a\n*** WE ROLL BACK TRANSACTION (1)"),
    `${refused("Query: '")}\n${own}\n${refused("', Error_code: 1")}`,
  ])("D7 are all there beside stars that are no deadlock's: %s", (stars) => {
    const { sure, doubted, hidden } = split([damage, signal, own, stars, damage, signal, own]);
    for (const line of [damage, signal, own]) {
      expect(sure.filter((one) => one === line).length).toBeGreaterThanOrEqual(2);
    }
    expect([doubted, hidden]).toEqual([[], 0]);
  });

  it("D7 are none within a statement of a deadlock, and whoever wrote one in between is told of", () => {
    expect(split([own, ...report(["UPDATE t SET a='", damage, "'"]), damage])).toEqual({
      sure: expect.arrayContaining([own, damage]),
      doubted: [],
      hidden: 1,
    });
    const ended = `${time} 12 [Note] InnoDB: *** WE ROLL BACK TRANSACTION (1)`;
    const { sure, doubted } = split(report(["UPDATE t SET a='", ended, damage, "'"]));
    expect([...sure, ...doubted]).not.toContain(damage);
  });

  it("D7 are all seen beside an ordinary report, whose heads MariaDB writes on lines of their own", () => {
    const head = `${time} 12 [Note] InnoDB: `;
    const apart = report(["UPDATE t SET a=1 WHERE id=5"]).flatMap((line) =>
      line.startsWith(`${head}***`) ? [head, line.slice(head.length)] : [line],
    );
    expect(split([own, ...apart, own, ...apart, own], true)).toMatchObject({ doubted: [], hidden: 0 });
  });

  it("D7 are doubted between two reports, one of which a statement may hold", () => {
    const { sure, doubted, hidden } = split([...report(["A"]), damage, own, ...report(["B"])]);
    expect(doubted).toEqual([damage]);
    expect(sure.filter((line) => line.includes("deadlock detected"))).toHaveLength(2);
    expect(hidden).toBe(0);
    const far = Array.from({ length: 80 }, (_, at) => `${own} ${at}`);
    expect(split([...report(["A"]), damage, ...far, ...report(["B"])]).sure).toContain(damage);
  });

  it("D7 are doubted, never lost, before the first transaction of a file that is cut", () => {
    const cut = [damage, "' WHERE id=1", ...report(["A"]).slice(4)];
    expect(split(cut, true).doubted).toEqual([damage]);
    expect(split(cut).sure).toContain(damage);
    const early = Array.from({ length: 80 }, (_, at) => `${own} ${at}`);
    expect(split([damage, ...early, ...cut], true).sure.filter((line) => line === damage)).toHaveLength(2);
  });

  it("D7 are whole behind a report without an end, and beyond what a statement has room for", () => {
    expect(split([...report(["A"]).slice(0, -1), damage, signal]).sure).toEqual(
      expect.arrayContaining([damage, signal]),
    );
    const long = Array.from({ length: 100 }, (_, at) => ` ${at}: len 4; hex 80000001; asc     ;;`);
    const held = report(["A"]).toSpliced(6, 0, ...long, ...long, damage);
    expect(split(held).sure).toContain(damage);
  });

  it.each([
    ["one break", `a\n${damage}`],
    ["five breaks", `a\nb\nc\nd\ne\n${damage}`],
  ])("D7 are none within a name: %s", (_what, user) => {
    const { sure, doubted } = split([own, refused(user), own]);
    expect([...sure, ...doubted].join()).not.toContain("page corruption");
    expect(sure.filter((line) => line === own)).toHaveLength(2);
  });

  it("D7 are doubted where a name holds the end of its message", () => {
    const { sure, doubted } = split([own, refused(`a'@'x' (using password: YES)\n${damage}`), own]);
    expect(sure.join()).not.toContain("page corruption");
    expect(doubted.join()).toContain("page corruption");
    expect(sure.filter((line) => line === own)).toHaveLength(2);
    const aborted = `Aborted connection 7 to db: 'x' host: 'y' (z)\n${damage}' user: 'shop' host: '9.9.9.9' (reset)`;
    expect(split([`${time} 7 [Warning] ${aborted}`]).doubted.join()).toContain("page corruption");
    expect(split([refused("a").replace("' (using password: YES)", ""), damage]).doubted).toEqual([damage]);
  });

  it("D7 are all there among refused sign-ins", () => {
    const whole = `${damage} or a failed read of file './shop/orders.ibd' page [page id: space=5, page number=7]`;
    const { sure } = split([refused("shop"), whole, refused("shop"), refused("shop"), signal]);
    expect(sure).toContain(whole);
    expect(sure).toContain(signal);
  });
});
