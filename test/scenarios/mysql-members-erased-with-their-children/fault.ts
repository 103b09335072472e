import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "One DELETE erases a region's members, and with them by cascade all that hangs on them; the region waits",
  make: async (stage) => {
    const [eraser] = await stage.mySessions(1, "privacy-jobs");
    const apps = await stage.mySessions(stage.number(7, 9), stage.application());
    const q = (sql: string) => eraser?.query(sql);
    await q(
      "CREATE TABLE members (member_id bigint unsigned PRIMARY KEY, region char(2) NOT NULL, email varchar(120) NOT NULL, points int NOT NULL DEFAULT 0, KEY by_region (region))",
    );
    for (const child of ["member_events", "member_consents"])
      await q(
        `CREATE TABLE ${child} (event_uuid char(36) PRIMARY KEY, member_id bigint unsigned NOT NULL, kind varchar(30) NOT NULL, detail varchar(200) NOT NULL, made_at datetime NOT NULL, KEY by_kind (kind, made_at), KEY by_detail (detail), CONSTRAINT fk_${child} FOREIGN KEY (member_id) REFERENCES members (member_id) ON DELETE CASCADE)`,
      );
    await q(
      `INSERT INTO members SELECT n, IF(n % 4 = 0, 'de', 'xx'), CONCAT('m', n, '@example.com'), 0 FROM ${numbersTo(20_000)}`,
    );
    for (const child of ["member_events", "member_consents"])
      for (const round of [1, 2])
        await q(
          `INSERT INTO ${child} SELECT UUID(), 1 + n % 20000, CONCAT('kind-', n % 9), SHA2(CONCAT(n, '-', ${round}), 256), '2026-01-01' + INTERVAL n MINUTE FROM ${numbersTo(90_000)}`,
        );
    await ordinaryWork(stage, 3);
    if (eraser) stage.leave(eraser.query("DELETE FROM members WHERE region = 'xx'"));
    await pause(1500);
    for (const [index, app] of apps.entries())
      stage.leave(
        index % 2 === 0
          ? app.query("UPDATE members SET points = points + 10 WHERE member_id = ?", [1 + index])
          : app.query("INSERT INTO member_events VALUES (UUID(), ?, 'login', 'from the app', NOW())", [
              1 + 2 * index,
            ]),
      );
    await pause(3500);
    return { culprits: eraser ? [eraser.threadId] : [] };
  },
});
