import type { RowDataPacket } from "mysql2/promise";
import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

/** One statement with autocommit; what it has read is locked until it ends. */
export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A job prunes tokens of two tables whose devices were not seen since, in one statement; sign-ins wait for what it has read",
  thresholds: { longRunningSeconds: 4, killCandidateSeconds: 6, manyWaitingSeconds: 2 },
  make: async (stage) => {
    const job = await oneMy(stage, "token-pruner");
    await job.query(
      "CREATE TABLE session_tokens (token_id binary(16) PRIMARY KEY, uid binary(16) NOT NULL, platform varchar(10) NOT NULL, created_at bigint NOT NULL, last_access_at bigint NOT NULL, KEY of_user (uid))",
    );
    await job.query(
      "CREATE TABLE unverified_tokens (token_id binary(16) PRIMARY KEY, code binary(8) NOT NULL)",
    );
    await job.query(
      "CREATE TABLE devices (uid binary(16), device_no smallint, platform varchar(10) NOT NULL, last_seen_at bigint NOT NULL, PRIMARY KEY (uid, device_no))",
    );
    const platforms = "ELT(1 + n % 3, 'ios', 'android', 'web')";
    await job.query(
      `INSERT INTO session_tokens SELECT UNHEX(LEFT(SHA2(n, 256), 32)), UNHEX(LEFT(SHA2(n + 500000, 256), 32)), ${platforms}, 1790000000000 + n, 0 FROM ${numbersTo(60_000)}`,
    );
    await job.query(
      `INSERT INTO unverified_tokens SELECT UNHEX(LEFT(SHA2(n, 256), 32)), UNHEX(LEFT(SHA2(n, 256), 16)) FROM ${numbersTo(2000)}`,
    );
    await job.query(
      `INSERT INTO devices SELECT UNHEX(LEFT(SHA2(n + 500000, 256), 32)), 1, ${platforms}, 1780000000000 + n FROM ${numbersTo(60_000)}`,
    );
    await job.query("ANALYZE TABLE session_tokens, unverified_tokens, devices");
    await ordinaryWork(stage, 3);
    const culprit = idOf(job);
    stage.leave(
      job.query(`DELETE st, ut FROM session_tokens AS st LEFT JOIN unverified_tokens AS ut ON st.token_id = ut.token_id
        WHERE st.created_at > 1790000000000 AND st.created_at <= 1790000100000
          AND NOT EXISTS (SELECT 1 FROM devices AS d WHERE d.platform = st.platform AND d.last_seen_at > st.created_at)`),
    );
    await pause(4000);
    // The lowest keys are read first.
    const [first] = await (await oneMy(stage, "auth-server")).query<RowDataPacket[]>(
      "SELECT HEX(token_id) AS token FROM session_tokens ORDER BY token_id LIMIT 8",
    );
    const clients = await stage.mySessions(stage.number(5, 8), "auth-server");
    for (const [index, client] of clients.entries()) {
      stage.leave(
        client.query("UPDATE session_tokens SET last_access_at = ? WHERE token_id = UNHEX(?)", [
          Date.now(),
          first[index]?.["token"],
        ]),
      );
    }
    await myWaiting(stage, clients.length, 6);
    return { culprits: [culprit] };
  },
});
