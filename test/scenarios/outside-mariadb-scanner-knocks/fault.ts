import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { byHour, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, nightlyBackup } from "../support/outside/described.ts";

const id = "intranet-mariadb";

/** Once an hour the scanner of the security team tries five names; a pool's idle connection ends now and then. */
function log(): string {
  const names = ["root", "admin", "mysql", "test", "backup"];
  const said: string[] = [];
  const say = (minutes: number, text: string) => {
    const at = ago(minutes).toISOString();
    said.push(`${at.slice(0, 10)} ${at.slice(11, 19).replace(/^0/, " ")} ${text}`);
  };
  for (const [round, hour] of [124.6, 64.6, 4.6].entries()) {
    say(
      hour + 21,
      `${70_400 + round} [Warning] Aborted connection ${70_400 + round} to db: 'wiki' user: 'wiki_app' host: '10.60.3.14' (Got timeout reading communication packets)`,
    );
    for (const [index, name] of names.entries()) {
      say(
        hour - index * 0.02,
        `${70_500 + round * 40 + index} [Warning] Access denied for user '${name}'@'10.60.200.14' (using password: ${index === 0 ? "NO" : "YES"})`,
      );
    }
  }
  return `${said.join("\n")}\n`;
}

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "The scanner of the security team tries five accounts once an hour and is refused; an alarm on connection attempts sees it, and nobody else is refused",
  world: (dice) => {
    const attempts = dice.number(11, 13);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.11.8",
          DBInstanceClass: "db.m6g.large",
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: withoutInsights({
        ...withDays(
          calmRds({
            engine: "mariadb",
            vcpus: 2,
            memoryGib: 8,
            freeGib: 108,
            connections: 46,
            cpu: 17,
            iops: 140,
          }),
        ),
        ConnectionAttempts: (minutes) =>
          (minutes + 56) % 60 < 1.5 ? 48 : (byHour(attempts)(minutes) ?? attempts),
      }),
      events: nightlyBackup(id),
      logs: [
        {
          file: "error/mysql-error-running.log",
          kind: "error",
          lastWrittenAt: ago(4.5).toISOString(),
          truncated: false,
          text: log(),
        },
      ],
      load: null,
      alarm: { ...above("ConnectionAttempts", 40, [48], 3, "Sum"), state: "OK" },
      way: "probe-failed",
    };
  },
});
