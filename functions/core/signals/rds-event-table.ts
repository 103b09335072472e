/**
 * What an RDS event does here. `open` opens an incident (state ALARM), `recovered` is a hint that one may be over
 * (OK), `attach` is kept with an open incident (INSUFFICIENT_DATA), `mute` is routine.
 */
export type EventEffect = "open" | "recovered" | "attach" | "mute";

/**
 * By the number in RDS-EVENT-0000. RDS has no event for full connections, CPU, locks or lag: those are alarms. What is
 * attached only is still read by every look at the database.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Events.Messages.html
 */
export const eventEffects: Readonly<Record<EventEffect, readonly number[]>> = {
  open: [
    // Down or coming back: 0006 is a restart whoever asked for it, and the first one sees of a crash.
    4, 6, 22,
    // Failover of a Multi-AZ instance; 0034 is one that was asked for and silently not done.
    13, 15, 34, 49,
    // Failover of a cluster; of a global database.
    69, 70, 71, 72, 73, 187, 238, 239,
    // Storage exhausted, low, about to be; autoscaling that cannot help.
    7, 89, 221, 222, 223, 224, 227, 254, 330, 331,
    // Replication stopped or its streaming was cut off for good.
    45, 57, 358,
    // Recovery of a failed instance began.
    20, 52,
    // failed, incompatible-parameters, incompatible-network, still incompatible, KMS key lost.
    31, 35, 36, 315, 418, 419,
    // Short of memory: RDS took memory from the buffer pool. gp2 credits low.
    403, 404, 189,
    // An upgrade failed and was rolled back; the proxy is out of addresses or refuses connections.
    270, 243, 275,
    // Writes of a global database could not be held back before it changed Regions: recent ones may have to be
    // recovered from the snapshot of the old primary cluster.
    391,
  ],
  recovered: [
    21, 53, 362, 51, 65, 241, 185,
    // Storage has grown, replication runs, the engine is up again.
    17, 218, 46, 357, 415, 27, 88, 151, 374,
    // Listed as a failure, but says that the KMS key can be used again.
    420,
  ],
  attach: [
    50, 361, 181, 182, 183, 184, 186, 240, 397, 423,
    // Changes that are under way or done.
    37, 38, 11, 12, 14, 16, 18, 24, 25, 28, 29, 30, 32, 67, 92, 217, 219, 220, 225, 231, 237, 295, 296, 306,
    332, 333, 334, 335,
    // Maintenance.
    26, 47, 173, 174, 176, 177, 178, 188, 264, 265, 266, 267, 268, 269, 286, 288, 289, 290, 363, 387, 388,
    389, 396, 398, 399, 410, 411, 412, 413, 414, 417, 422, 425, 429, 502,
    // Stopped on purpose; replication stopped on purpose, by an upgrade or reset.
    87, 150, 62, 63, 359, 360, 416, 202, 233,
    // A paused Serverless v2 instance is not an outage, though it looks like one. Topology.
    372, 385, 386, 44, 426, 512, 513, 3, 19, 43,
    // Blue/green: writers change while it switches over.
    247, 248, 249, 250, 251, 252, 259, 260, 261, 307, 308, 310, 311, 312, 314,
    // Called failures, and no database that runs is hurt: something new could not be made, enhanced monitoring or
    // Kerberos could not be set up, a load job failed.
    79,
    80, 245, 278, 324, 353, 354, 355, 356,
    // Writes are held back while a global database changes Regions.
    390,
  ],
  mute: [
    // Backups, snapshots and exports, also those that failed for one table; pause and resume of Serverless v2.
    1,
    2, 5, 40, 42, 41, 59, 60, 61, 74, 75, 90, 91, 168, 169, 196, 197, 190, 160, 161, 163, 164, 235, 236, 492,
    493, 484, 488, 489, 370, 371, 373,
    // Something is available or scheduled, nothing has happened.
    155, 156, 230, 287, 501, 64, 78, 131, 132, 170, 172, 203, 204, 206, 207, 213, 244, 405, 406,
  ],
};

const byNumber: ReadonlyMap<number, EventEffect> = new Map(
  (["open", "recovered", "attach", "mute"] as const).flatMap((effect) =>
    eventEffects[effect].map((number) => [number, effect] as const),
  ),
);

/** For numbers that the table does not know, RDS adds some every year; the worst category decides. */
const byCategory: ReadonlyMap<string, EventEffect> = new Map([
  ["failover", "open"],
  ["global failover", "open"],
  ["low storage", "open"],
  ["failure", "open"],
  ["availability", "open"],
  ["read replica", "attach"],
  ["recovery", "attach"],
  ["restoration", "attach"],
  ["maintenance", "attach"],
  ["configuration change", "attach"],
  ["deletion", "attach"],
  ["security patching", "attach"],
]);

const order: readonly EventEffect[] = ["open", "attach", "recovered", "mute"];

/** @param eventId "RDS-EVENT-0049", or null where RDS sent none */
export function effectOf(eventId: string | null, categories: readonly string[]): EventEffect {
  const known = byNumber.get(Number(/^RDS-EVENT-(\d{4})$/.exec(eventId ?? "")?.[1]));
  if (known !== undefined) return known;
  const effectsOfCategories = categories.flatMap((category) => {
    // A category may be compound: "maintenance, failure".
    return category.split(",").map((part) => byCategory.get(part.trim().toLowerCase()) ?? "mute");
  });
  return order.find((effect) => effectsOfCategories.includes(effect)) ?? "mute";
}
