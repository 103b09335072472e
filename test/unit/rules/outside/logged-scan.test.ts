import { expect, it } from "vitest";
import { loggedScan } from "../../../../functions/core/rules/queries/logged-scan-draft.ts";
import { collectedAt } from "../../../support/evidence-builder.ts";
import { metricView } from "../../../support/metric-scene.ts";

const update = "UPDATE parcels SET state = ? WHERE tracking_no = ?";

function found(query: string, { waiting = 14, examined = 311_204, seconds = 15 } = {}) {
  const calls = 14;
  const one = {
    query,
    calls,
    seconds: 4,
    secondsEach: 0.3,
    examined: examined * calls,
    sent: 0,
    user: "scanner",
  };
  const waits = { query, calls: waiting, seconds: seconds * waiting, user: "scanner" };
  const slow = { until: collectedAt, spanSeconds: 300, calls, seconds: 4, statements: [one], waits };
  const log = {
    file: "slow.log",
    kind: "slow",
    lastWrittenAt: collectedAt,
    lines: [],
    truncated: false,
    slow,
  } as const;
  return loggedScan(metricView({ engine: "mysql", context: { logs: [{ ...log, lines: [] }] } }));
}

it("D4 an update that looks at thousands of rows, locks them and waits for others that do is told", () => {
  const [finding] = found(update);
  expect(finding).toMatchObject({ severity: "P2", actions: [] });
  expect(finding?.summary).toMatch(
    /^Each call of one statement looks at 311,204 rows, and locks all of them: .*14 calls waited 15 s each/,
  );
  expect(finding?.explains.map(({ cause }) => cause)).toContain("hot-row-contention");
});

it.each([
  ["a purge in batches", found("DELETE FROM events WHERE at < ? LIMIT ?", { examined: 10_000 })],
  ["a change in batches", found("UPDATE jobs SET owner = ? WHERE owner IS NULL LIMIT ?")],
  [
    "a purge that picks its rows before",
    found("DELETE FROM events WHERE id IN (SELECT id FROM (SELECT id FROM events WHERE at < ? LIMIT ?) x)"),
  ],
  [
    "a purge joined with a limited list",
    found(
      "DELETE e FROM events e JOIN (SELECT id FROM events WHERE at < ? ORDER BY id LIMIT ?) x ON x.id = e.id",
    ),
  ],
  [
    "a change joined with a limited list by USING",
    found(
      "UPDATE orders o INNER JOIN (SELECT id FROM orders WHERE archived = ? LIMIT ?) b USING (id) SET o.archived = ?",
    ),
  ],
  [
    "a purge up to the last of a limited list",
    found(
      "DELETE FROM events WHERE at < ? AND id <= (SELECT max(id) FROM (SELECT id FROM events WHERE at < ? ORDER BY id LIMIT ?) x)",
    ),
  ],
  [
    "a purge up to a time by functions in a limited list",
    found(
      "DELETE FROM events WHERE id IN (SELECT id FROM (SELECT id FROM events WHERE at < DATE_SUB(NOW(), INTERVAL ? DAY) ORDER BY id LIMIT ?) x)",
    ),
  ],
  [
    "a purge joined with a limited list up to a time by functions",
    found(
      "DELETE e FROM events e JOIN (SELECT id FROM events WHERE at < DATE_SUB(NOW(), INTERVAL ? DAY) LIMIT ?) x USING (id)",
    ),
  ],
  [
    "a change beside a limited list up to a time by functions",
    found(
      "UPDATE orders o, (SELECT id FROM orders WHERE at < DATE_SUB(NOW(), INTERVAL ? DAY) LIMIT ?) b SET o.archived = ? WHERE o.id = b.id",
    ),
  ],
  [
    "a purge in batches that gives back its rows",
    found("DELETE FROM events WHERE at < ? LIMIT ? RETURNING id"),
  ],
  ["one call that waited", found(update, { waiting: 1 })],
  ["short waits", found(update, { seconds: 0.2 })],
  ["an update by its key", found(update, { examined: 1 })],
  ["a read", found("SELECT * FROM parcels WHERE tracking_no = ?")],
])("D4 %s is not", (_, findings) => {
  expect(findings).toEqual([]);
});

it.each([
  "SELECT id FROM jobs WHERE state = ? AND owner IS NULL ORDER BY id LIMIT ? FOR UPDATE",
  "UPDATE accounts SET `limit` = ? WHERE email = ?",
  "UPDATE parcels SET state = ? WHERE no = ? AND depot = (SELECT id FROM depots WHERE code = ? LIMIT ?)",
  "UPDATE parcels SET note = COALESCE(note, (SELECT text FROM notes WHERE kind = ? ORDER BY id LIMIT ?)) WHERE no = ?",
  "UPDATE parcels SET state = ? WHERE no = ? AND kind IN (SELECT id FROM kinds) AND depot = (SELECT id FROM depots WHERE code = ? LIMIT ?)",
])("D4 a queue without an index, or a column of that name, is no batch: %s", (query) => {
  expect(found(query)).toHaveLength(1);
});
