import { describe, expect, it } from "vitest";
import { diagnose } from "../../functions/core/diagnosis/diagnose.ts";
import { defaultSettings } from "../../functions/core/settings.ts";
import { evidenceOf } from "./support/inside/busy-server.ts";
import { isRead, playedCounters, playedReplica } from "./support/inside/played.ts";
import { counters, errors, replicas } from "./support/inside/tables.ts";
import { busyServer } from "./support/inside/busy-server.ts";

function answer(evidence, entry) {
  const { verdict, headline, findings, rootCauses } = diagnose(evidence, defaultSettings);
  const roots = findings.filter(({ key }) => rootCauses.includes(key));
  const alarms = roots.filter(({ severity }) => severity !== "P3");
  const right = roots.find(({ id }) => entry.ids.includes(id));
  const text = right ? [right.summary, ...right.evidence.map((e) => e.says)].join(" ") : "";
  const told = right !== undefined && entry.says.test(text);
  const score = verdict === "unwell" ? (told && right.severity !== "P3" && alarms[0]===right ? "right" : told && right.severity!=="P3" ? "right-second" : right && right.severity !== "P3" ? "id-only" : "general") : told ? `small(${verdict})` : verdict === "well" ? "well" : "unknown";
  return { score, verdict, headline, roots: roots.map((r) => `${r.id}:${r.severity}`) };
}
const out = [];
describe("score", () => {
  it("scores", () => {
    for (const entry of counters) {
      const read = [...entry.hot.keys()].some(isRead);
      const a = read ? answer(evidenceOf(entry.engine, playedCounters(entry.engine, entry.hot), entry.settings), entry) : { score: "unread" };
      const twin = answer(evidenceOf(entry.engine, playedCounters(entry.engine, entry.ordinary), entry.settings), entry);
      out.push(["counter", entry.name, a.score, (a.roots ?? []).join(","), a.headline ?? "", twin.verdict === "well" ? "" : `TWIN ${twin.roots}`]);
    }
    for (const entry of replicas) {
      const a = answer(evidenceOf(entry.engine, playedReplica(entry.engine, entry.hot), entry.settings), entry);
      const twin = answer(evidenceOf(entry.engine, playedReplica(entry.engine, entry.ordinary), entry.settings), entry);
      out.push(["replica", entry.name, a.score, (a.roots ?? []).join(","), a.headline, twin.verdict === "well" ? "" : `TWIN ${twin.roots}`]);
    }
    for (const entry of errors) for (const within of [true, false]) {
      const play = (count, ago, rate) => { const l = busyServer("mysql"); l.rates.named = rate > 1 ? { [`${entry.number} ${entry.symbol}`]: rate } : {}; l.limits.refusals = [{ errno: entry.number, name: entry.symbol, count, secondsAgo: ago }]; return answer(evidenceOf("mysql", l, new Map(), within ? rate : 0), entry); };
      const a = play(60000, 0, 120), twin = play(900, 20, 0.02);
      out.push([within ? "error" : "error-nodigest", entry.name, a.score, (a.roots ?? []).join(","), a.headline, twin.verdict === "well" ? "" : `TWIN ${twin.roots}`]);
    }
    const fs = require("node:fs");
    fs.writeFileSync("/tmp/score.tsv", out.map((o) => o.join("\t")).join("\n"));
    const sum = {};
    for (const [k, , s] of out) { sum[k] ??= {}; sum[k][s] = (sum[k][s] ?? 0) + 1; }
    process.stdout.write(JSON.stringify(sum, null, 1) + "\n");
  });
});
