import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { respondDefinition } from "../support/synth.ts";
import { alarmActionEvent, eventBridgeEvent } from "./demo/connection-alarm.ts";
import { isMysql, isPostgres } from "./demo/database.ts";
import { metadataLockQueue, rowHeldByIdleTransaction } from "./demo/fault.ts";
import { type Played, playIncident } from "./demo/play-incident.ts";
import { openBrowserHint, say, title } from "./demo/progress.ts";
import { openStage } from "./demo/stage.ts";

/**
 * The closed loop, on real engines, without AWS: alarm → intake → state machine (its ASL from the CDK template) →
 * probes → diagnosis → Slack → action or approval → recovery watched → resolved. Ends by itself.
 */
const { values: flags } = parseArgs({ options: { interactive: { type: "boolean", default: false } } });

title("rds-responder: two incidents on real databases");
say("synthesizing the stack and starting the databases (the first run downloads MySQL)");
const definition = await respondDefinition();
const stage = await openStage(definition);
const played: Played[] = [];
let leftovers = -1;
try {
  const { postgres, mysql } = stage.databases;
  openBrowserHint(stage.slack.url);

  if (!isPostgres(postgres.server) || !isMysql(mysql.server))
    throw new Error("the stage has the wrong engines");
  const { server: primary } = postgres;
  title(`PostgreSQL ${primary.version}: policy auto`);
  played.push(
    await playIncident(stage, postgres, {
      fault: () => rowHeldByIdleTransaction(primary),
      event: eventBridgeEvent,
      via: "EventBridge",
      interactive: false,
    }),
  );
  const { server } = mysql;
  title(`${server.engine === "mysql" ? "MySQL" : "MariaDB"} ${server.version}: policy approve`);
  played.push(
    await playIncident(stage, mysql, {
      fault: () => metadataLockQueue(server),
      event: alarmActionEvent,
      via: "its Lambda action",
      interactive: flags.interactive,
    }),
  );
} finally {
  mkdirSync(".demo", { recursive: true });
  writeFileSync(".demo/slack.html", stage.slack.html());
  leftovers = await stage.close();
}

title("Summary");
const summary = { engines: played, leftovers };
writeFileSync(".demo/summary.json", `${JSON.stringify(summary, null, 2)}\n`);
for (const one of played) {
  say(
    `${one.engine} ${one.version}: ${one.rootCause}; first message ${one.firstMessageMs} ms, ` +
      `action ${one.actionMs} ms, recovered ${one.recoveredMs} ms after the alarm; ${one.resolved ? "resolved" : "NOT resolved"}`,
  );
}
say(`left running: ${leftovers}`);
say("thread: .demo/slack.html   figures: .demo/summary.json");
process.exitCode = played.length === 2 && played.every((one) => one.resolved) && leftovers === 0 ? 0 : 1;
