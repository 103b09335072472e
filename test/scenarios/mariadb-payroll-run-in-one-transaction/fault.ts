import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "The payroll loads, computes and saves one payslip after another and commits at the end; who edits one waits",
  thresholds: { longRunningSeconds: 5, killCandidateSeconds: 10, idleInTransactionSeconds: 8 },
  make: async (stage) => {
    const payroll = await oneMy(stage, stage.application());
    const clerks = await stage.mySessions(stage.number(5, 7), stage.application());
    const rows = stage.number(2500, 3500);
    await payroll.query(
      "CREATE TABLE payslips (id binary(16) NOT NULL, employee_no int unsigned NOT NULL, gross decimal(10,2) NOT NULL, net decimal(10,2) NULL, version int NOT NULL DEFAULT 0, PRIMARY KEY (id), UNIQUE KEY of_employee (employee_no))",
    );
    await payroll.query(
      `INSERT INTO payslips (id, employee_no, gross) SELECT UNHEX(MD5(n)), n, 3000 + n % 900 FROM ${numbersTo(rows)}`,
    );
    await ordinaryWork(stage, 3);
    let done = 0;
    let running = true;
    const run = async () => {
      await payroll.query("SET autocommit = 0");
      while (running && done < rows) {
        done += 1;
        await payroll.query("SELECT p.id, p.gross, p.version FROM payslips p WHERE p.employee_no = ?", [
          done,
        ]);
        await pause(25);
        await payroll.query(
          "UPDATE payslips SET net = gross * 0.61, version = version + 1 WHERE id = UNHEX(MD5(?)) AND version = 0",
          [done],
        );
      }
    };
    stage.leave(run());
    stage.cleanUp(async () => {
      running = false;
    });
    while (done < 60) await pause(50);
    for (const [index, client] of clerks.entries()) {
      stage.leave(
        client.query("UPDATE payslips SET gross = gross + 50, version = version + 1 WHERE employee_no = ?", [
          5 + 6 * index,
        ]),
      );
      await pause(700);
    }
    await myWaiting(stage, clerks.length, 12);
    return { culprits: [idOf(payroll)] };
  },
});
