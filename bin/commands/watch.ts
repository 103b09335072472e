import { createSystemClock } from "../../functions/adapters/aws/system-clock.ts";

import { type Command, exitCodes, textOption, textOptions, UsageError } from "../cli/command.ts";
import { databaseFromUrl } from "../cli/database-url.ts";
import { databasesAt } from "../cli/databases.ts";
import { exitCodeOf } from "../cli/present.ts";
import { settingsWith } from "../cli/thresholds.ts";
import { roundLine, screen } from "../cli/watch-screen.ts";
import { createWatcher } from "../cli/watcher.ts";

const clearScreen = "\u001b[2J\u001b[H";

export const watch: Command = {
  summary: "Looks again every few seconds: root causes, who blocks whom, busiest statements",
  usage: [
    "responder watch --url URL [--every SECONDS] [--rounds N] [--set name=value ...] [--ca FILE]",
    "",
    "  --every    seconds between two looks; 3 when left out. Locks and connections each time,",
    "             statements and rates each 6th time; waits longer while the database is slow to answer",
    "  --rounds   ends after so many looks; without it, Ctrl-C ends it",
    "",
    "One connection, kept open; lines instead of a screen when piped.",
    "exit code of the last look: 0 healthy, 1 findings of P0-P2, 3 could not connect",
  ].join("\n"),
  options: {
    url: { type: "string" },
    every: { type: "string" },
    rounds: { type: "string" },
    set: { type: "string", multiple: true },
    ca: { type: "string" },
  },
  run: async (options, io) => {
    const url = textOption(options, "url") ?? process.env["RESPONDER_URL"];
    if (url === undefined) throw new UsageError("--url is missing");
    const everyMs = numberOption(textOption(options, "every"), "every", 3, 0.2) * 1000;
    const rounds = numberOption(textOption(options, "rounds"), "rounds", Number.POSITIVE_INFINITY, 1);
    const settings = settingsWith(textOptions(options, "set"));
    const { target, signIn, tls } = databaseFromUrl(url, textOption(options, "ca"));
    const stop = new AbortController();
    const interrupt = (): void => stop.abort();
    process.once("SIGINT", interrupt);
    process.once("SIGTERM", interrupt);
    const watcher = createWatcher(databasesAt({ signIn, tls }), target, settings, createSystemClock());
    let last: Awaited<ReturnType<typeof watcher.look>> | null = null;
    try {
      for (let round = 1; round <= rounds && !stop.signal.aborted; round += 1) {
        const look = await watcher.look(stop.signal);
        if (look === null) break;
        last = look;
        io.out(
          process.stdout.isTTY
            ? clearScreen + screen(look, process.stdout.columns, process.stdout.rows)
            : roundLine(look),
        );
        if (round < rounds) await watcher.rest(everyMs, look.databaseMs, stop.signal);
      }
    } finally {
      process.removeListener("SIGINT", interrupt);
      process.removeListener("SIGTERM", interrupt);
      await watcher.close();
    }
    return last === null ? exitCodes.healthy : exitCodeOf(last.evidence, last.diagnosis);
  },
};

function numberOption(text: string | undefined, name: string, fallback: number, least: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value < least) {
    throw new UsageError(`--${name} must be a number of at least ${least}, not "${text}"`);
  }
  return value;
}
