import { describe, expect, it } from "vitest";
import { parseInnodbMonitor } from "../../../../functions/core/probes/mysql/innodb-monitor.ts";

const end = `
--------------
ROW OPERATIONS
--------------
0 queries inside InnoDB, 0 queries in queue
3 read views open inside InnoDB
Process ID=12368, Main thread ID=140581062284992 , state=sleeping
----------------------------
END OF INNODB MONITOR OUTPUT
============================
`;
const head = `
------------
TRANSACTIONS
------------
Trx id counter 2111
Purge done for trx's n:o < 2106 undo n:o < 0 state: running but idle
History list length 23
LIST OF TRANSACTIONS FOR EACH SESSION:
---TRANSACTION 375300429604360, not started
0 lock struct(s), heap size 1128, 0 row lock(s)
`;
const mysql = `---TRANSACTION 2107, ACTIVE 940 sec
2 lock struct(s), heap size 1128, 1 row lock(s), undo log entries 1
MySQL thread id 16, OS thread handle 140580997195456, query id 38 localhost 127.0.0.1 admin
Trx read view will not see trx with id >= 2107, sees < 2106
---TRANSACTION 2106, ACTIVE 940 sec
2 lock struct(s), heap size 1128, 1 row lock(s), undo log entries 1
MySQL thread id 15, OS thread handle 140580998252224, query id 34 localhost 127.0.0.1 admin
--------
FILE I/O
--------
`;
const mariadb = `---TRANSACTION (0x7faf9c84ac80), ACTIVE 0 sec
0 lock struct(s), heap size 1128, 0 row lock(s)
MariaDB thread id 10, OS thread handle 131595802441408, query id 30 localhost 127.0.0.1 admin
Trx read view will not see trx with id >= 24, sees < 24
---TRANSACTION 12, ACTIVE (PREPARED) 60 sec recovered trx
1 lock struct(s), heap size 1128, 0 row lock(s), undo log entries 1
`;

describe("InnoDB's monitor", () => {
  it("P26 tells on MySQL who of those that have written has a view of the data, and who has none", () => {
    expect(parseInnodbMonitor(head + mysql + end)).toEqual({
      nextNumber: 2111,
      purgedBelow: 2106,
      openViews: 3,
      open: [
        { transactionId: "2107", sessionId: 16, unseenFrom: 2107 },
        { transactionId: "2106", sessionId: 15, unseenFrom: null },
      ],
    });
  });

  it("P26 tells it on MariaDB of every transaction, also of one without a session", () => {
    expect(parseInnodbMonitor(head + mariadb + end).open).toEqual([
      { transactionId: null, sessionId: 10, unseenFrom: 24 },
      { transactionId: "12", sessionId: null, unseenFrom: null },
    ]);
  });

  it("P26 lists nothing when the server has cut its text, since the view may be in what it left out", () => {
    const cut = `${head + mysql}\n... truncated...\n${end}`;
    expect(parseInnodbMonitor(cut)).toMatchObject({ open: null, nextNumber: 2111 });
    expect(parseInnodbMonitor(head + mysql).open).toBeNull();
    expect(parseInnodbMonitor("")).toEqual({
      nextNumber: null,
      purgedBelow: null,
      openViews: null,
      open: null,
    });
  });

  it("P26 is not misled by a statement that says the same", () => {
    const forged = mysql.replace(
      "admin\nTrx read",
      "admin updating\nUPDATE t SET n = '\nTrx read view will not see trx with id >= 5, sees < 5\n'\nTrx read",
    );
    expect(parseInnodbMonitor(head + forged + end).open?.[0]?.unseenFrom).toBe(2107);
  });
});
