import { describe, expect, it } from "vitest";
import { parseDeadlock } from "../../../../functions/core/probes/mysql/last-deadlock-parse.ts";

const frame = (section: string): string => `
=====================================
2026-11-21 13:01:27 139908450010816 INNODB MONITOR OUTPUT
=====================================
${section}------------
TRANSACTIONS
------------
Trx id counter 83200
---TRANSACTION 83150, ACTIVE 3 sec
`;

const mysql = frame(`------------------------
LATEST DETECTED DEADLOCK
------------------------
2026-11-21 13:01:27 139908537108160
*** (1) TRANSACTION:
TRANSACTION 83118, ACTIVE 4 sec starting index read
mysql tables in use 1, locked 1
LOCK WAIT 3 lock struct(s), heap size 1128, 2 row lock(s), undo log entries 1
MySQL thread id 33, OS thread handle 139908451067584, query id 5186 app-1.internal 10.0.0.7 shop updating
UPDATE app.dl
  SET v='secret'
 WHERE n=20

*** (1) HOLDS THE LOCK(S):
RECORD LOCKS space id 5007 page no 4 n bits 72 index PRIMARY of table \`app\`.\`dl\` trx id 83118 lock_mode X locks rec but not gap
Record lock, heap no 2 PHYSICAL RECORD: n_fields 5; compact format; info bits 0
 0: len 4; hex 80000001; asc     ;;

*** (1) WAITING FOR THIS LOCK TO BE GRANTED:
RECORD LOCKS space id 5007 page no 5 n bits 72 index kn of table \`app\`.\`dl\` trx id 83118 lock_mode X waiting

*** (2) TRANSACTION:
TRANSACTION 83119, ACTIVE 0 sec inserting
mysql tables in use 1, locked 1
LOCK WAIT 4 lock struct(s), heap size 1128, 3 row lock(s)
MySQL thread id 34, OS thread handle 139908452124352, query id 5187 localhost shop update
INSERT INTO part VALUES (1)

*** (2) HOLDS THE LOCK(S):
RECORD LOCKS space id 5007 page no 5 n bits 72 index kn of table \`app\`.\`dl\` trx id 83119 lock_mode X locks rec but not gap

*** (2) WAITING FOR THIS LOCK TO BE GRANTED:
TABLE LOCK table \`app\`.\`part\` /* Partition \`p0\` */ trx id 83119 lock mode IX waiting
*** WE ROLL BACK TRANSACTION (1)
`);

const mariadb = frame(`------------------------
LATEST DETECTED DEADLOCK
------------------------
2026-11-21 13:01:27 0x7fe5d81c06c0
*** (1) TRANSACTION:
TRANSACTION 34000, ACTIVE 0 sec starting index read
MariaDB thread id 30, OS thread handle 140625149953728, query id 5184 10.0.0.8 shop Updating
UPDATE app.dl SET v='secret' WHERE id=1
*** WAITING FOR THIS LOCK TO BE GRANTED:
RECORD LOCKS space id 5010 page no 3 n bits 320 index PRIMARY of table \`app\`.\`dl\` trx id 34000 lock_mode X locks rec but not gap waiting
*** CONFLICTING WITH:
RECORD LOCKS space id 5010 page no 3 n bits 320 index PRIMARY of table \`app\`.\`dl\` trx id 33999 lock_mode X locks rec but not gap

*** (2) TRANSACTION:
TRANSACTION 33999, ACTIVE 0 sec starting index read
MariaDB thread id 29, OS thread handle 140625149646528, query id 5183 10.0.0.9 shop Updating
UPDATE app.dl SET v='a2' WHERE n=20
*** WAITING FOR THIS LOCK TO BE GRANTED:
RECORD LOCKS space id 5010 page no 4 n bits 320 index kn of table \`app\`.\`dl\` trx id 33999 lock_mode X waiting
*** CONFLICTING WITH:
RECORD LOCKS space id 5010 page no 4 n bits 320 index kn of table \`app\`.\`dl\` trx id 34000 lock_mode X locks rec but not gap
*** WE ROLL BACK TRANSACTION (2)
`);

describe("the last deadlock of InnoDB's monitor", () => {
  it("P29 is none where the section is missing", () => {
    expect(parseDeadlock(frame(""))).toBeNull();
    expect(parseDeadlock("")).toBeNull();
  });

  it("P29 is read from MySQL's text: who held what, who waited for what, who lost", () => {
    const deadlock = parseDeadlock(mysql);
    expect(deadlock).toMatchObject({ localTime: "2026-11-21 13:01:27", rolledBack: 1 });
    const [one, two] = deadlock?.transactions ?? [];
    expect(one).toMatchObject({
      sessionId: 33,
      user: "shop",
      client: "10.0.0.7",
      activeSeconds: 4,
      rowsModified: 1,
      statement: "UPDATE app.dl\n  SET v='secret'\n WHERE n=20",
      holds: [{ table: "app.dl", index: "PRIMARY", page: "4", mode: "X locks rec but not gap" }],
      waitsFor: [{ table: "app.dl", index: "kn", page: "5", mode: "X" }],
    });
    expect(two).toMatchObject({
      sessionId: 34,
      user: "shop",
      client: "localhost",
      rowsModified: 0,
      statement: "INSERT INTO part VALUES (1)",
      waitsFor: [{ table: "app.part partition p0", index: null, page: null, mode: "IX" }],
    });
  });

  it("P29 is read from MariaDB's text, which lists a holder's lock under the one it blocks", () => {
    const deadlock = parseDeadlock(mariadb);
    expect(deadlock?.rolledBack).toBe(2);
    const [one, two] = deadlock?.transactions ?? [];
    expect(one).toMatchObject({
      sessionId: 30,
      client: "10.0.0.8",
      user: "shop",
      statement: "UPDATE app.dl SET v='secret' WHERE id=1",
      holds: [{ index: "kn" }],
      waitsFor: [{ index: "PRIMARY" }],
    });
    expect(two).toMatchObject({ sessionId: 29, holds: [{ index: "PRIMARY" }], waitsFor: [{ index: "kn" }] });
  });

  it("P29 survives a text that ends anywhere", () => {
    for (const text of [mysql, mariadb]) {
      for (let length = 0; length < text.length; length += 1) {
        const deadlock = parseDeadlock(text.slice(0, length));
        expect((deadlock?.transactions ?? []).length).toBeLessThanOrEqual(2);
      }
    }
    const half = parseDeadlock(mysql.slice(0, mysql.indexOf("*** (2) TRANSACTION")));
    expect(half).toMatchObject({ rolledBack: null, transactions: [{ sessionId: 33 }] });
  });

  it("P29 is not misled by a statement that says who lost", () => {
    const text = mariadb.replace("SET v='a2'", "SET v='\n*** WE ROLL BACK TRANSACTION (1)\n'");
    expect(parseDeadlock(text)?.rolledBack).toBe(2);
  });
});
