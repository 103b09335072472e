import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";
import { slowClient } from "../support/slow-client.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A release's ALTER waits behind an export that has long finished with that table and streams another: all guests wait",
  make: async (stage) => {
    const exporter = await slowClient(stage, "warehouse-export");
    const rates = stage.number(38_000, 44_000);
    await exporter.query(
      "CREATE TABLE stays (hotel_code char(5) NOT NULL, booking_ref char(9) NOT NULL, guest varchar(80) NOT NULL, arrives_on date NOT NULL, nights tinyint unsigned NOT NULL, PRIMARY KEY (hotel_code, booking_ref))",
    );
    await exporter.query(
      `INSERT INTO stays SELECT CONCAT('H', LPAD(n % 60, 4, '0')), CONCAT('B', LPAD(n, 8, '0')), CONCAT('guest ', n), '2026-01-01' + INTERVAL n % 300 DAY, 1 + n % 9 FROM ${numbersTo(4000)}`,
    );
    await exporter.query(
      "CREATE TABLE rate_changes (hotel_code char(5) NOT NULL, changed_at datetime(6) NOT NULL, change_no int unsigned NOT NULL, note varchar(400) NOT NULL, PRIMARY KEY (hotel_code, changed_at, change_no))",
    );
    await exporter.query(
      `INSERT INTO rate_changes SELECT CONCAT('H', LPAD(n % 60, 4, '0')), '2026-01-01' + INTERVAL n MINUTE, n, REPEAT('r', 380) FROM ${numbersTo(rates)}`,
    );
    await ordinaryWork(stage, 2);
    // Harmless: a clerk's transaction on a table of her own.
    const clerk = await oneMy(stage, "front-desk");
    await clerk.query("CREATE TABLE desk_notes (note_no int PRIMARY KEY, note varchar(60))");
    await clerk.query("START TRANSACTION");
    await clerk.query("INSERT INTO desk_notes VALUES (1, 'late arrival')");

    await exporter.query("START TRANSACTION WITH CONSISTENT SNAPSHOT");
    await exporter.query("SELECT COUNT(*), MAX(booking_ref) FROM stays");
    exporter.readSlowly("SELECT * FROM rate_changes", 40);

    const release = await oneMy(stage, "release-runner");
    stage.leave(
      release.query("ALTER TABLE stays ADD COLUMN cancelled_by varchar(40) NULL, ALGORITHM=INSTANT"),
    );
    await myWaiting(stage, 1, 0);
    const guests = await stage.mySessions(stage.number(9, 15), "guest-api");
    guests.forEach((guest, index) => {
      const key = `hotel_code = 'H${String(index).padStart(4, "0")}' AND booking_ref = 'B0000${index}'`;
      stage.leave(
        guest.query(
          index % 3 === 0
            ? `UPDATE stays SET nights = nights + 1 WHERE ${key}`
            : `SELECT guest, arrives_on, nights FROM stays WHERE ${key}`,
        ),
      );
    });
    await myWaiting(stage, guests.length + 1, 14);
    return { culprits: [idOf(release)] };
  },
});
