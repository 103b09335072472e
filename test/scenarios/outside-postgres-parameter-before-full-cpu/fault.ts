import { calmRds } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "rooms-db";

const calm = calmRds({
  engine: "postgres",
  vcpus: 4,
  memoryGib: 32,
  freeGib: 96,
  connections: 120,
  cpu: 31,
  iops: 640,
});

export const scenario = defineOutside({
  engine: "postgres",
  title: "Minutes after random_page_cost was raised to 40 nothing uses an index any more: the CPU is full",
  world: (dice) => {
    const up = dice.number(38, 52);
    const load = dice.number(26, 34);
    return {
      instances: [
        instanceOf(id, { Engine: "postgres", EngineVersion: "16.8", DBInstanceClass: "db.r6g.xlarge" }),
      ],
      metrics: {
        ...calm,
        CPUUtilization: steps(31, 98.5, up),
        DBLoad: steps(1.3, load, up),
        DBLoadCPU: steps(1, load * 0.9, up),
        DBLoadNonCPU: steps(0.3, load * 0.1, up),
        DatabaseConnections: moves(120, 310, up),
        ReadIOPS: steps(256, 940, up),
        WriteIOPS: steps(384, 120, up),
      },
      events: [
        told(
          `${id}-params`,
          up + 3,
          "configuration change",
          "Updated parameter random_page_cost to 40 with apply method immediate",
          "parameter-group",
        ),
        ...nightlyBackup(id),
      ],
      changes: [],
      load: loadOf(
        { CPU: load * 0.9, "IO:DataFileRead": load * 0.07, "LWLock:BufferMapping": load * 0.02 },
        [
          {
            sql: "SELECT r.id, r.price FROM rooms r JOIN rates t ON t.room_id = r.id WHERE r.hotel_id = ? AND t.day BETWEEN ? AND ?",
            waits: { CPU: load * 0.31 },
          },
          {
            sql: "SELECT b.id FROM bookings b JOIN guests g ON g.id = b.guest_id WHERE g.email = ?",
            waits: { CPU: load * 0.27, "IO:DataFileRead": load * 0.04 },
          },
          {
            sql: "SELECT count(*) FROM bookings WHERE hotel_id = ? AND state = ?",
            waits: { CPU: load * 0.22 },
          },
          { sql: "SELECT h.id, h.name FROM hotels h WHERE h.region_id = ?", waits: { CPU: load * 0.1 } },
        ],
        { web: load * 0.83, partner_api: load * 0.16 },
      ),
      alarm: above("CPUUtilization", 85, [97.9, 98.6, 98.4], up - 5),
      way: "probe-failed",
    };
  },
});
