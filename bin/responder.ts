import { parseArgs } from "node:util";
import { type Command, exitCodes, type Io, UsageError, withValues } from "./cli/command.ts";

const commands: Readonly<Record<string, () => Promise<Command>>> = {
  diagnose: async () => (await import("./commands/diagnose.ts")).diagnose,
  watch: async () => (await import("./commands/watch.ts")).watch,
  report: async () => (await import("./commands/report.ts")).report,
  replay: async () => (await import("./commands/replay.ts")).replay,
  fix: async () => (await import("./commands/fix.ts")).fix,
  act: async () => (await import("./commands/act.ts")).act,
  undo: async () => (await import("./commands/undo.ts")).undo,
  kill: async () => (await import("./commands/kill.ts")).kill,
  policy: async () => (await import("./commands/policy.ts")).policy,
  audit: async () => (await import("./commands/audit.ts")).audit,
  incidents: async () => (await import("./commands/incidents.ts")).incidents,
  ack: async () => (await import("./commands/ack.ts")).ack,
  snooze: async () => (await import("./commands/snooze.ts")).snooze,
  failover: async () => (await import("./commands/failover.ts")).failover,
  catalogue: async () => (await import("./commands/catalogue.ts")).catalogue,
  grants: async () => (await import("./commands/grants.ts")).grants,
};

const io: Io = {
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
  terminal: process.stderr.isTTY === true,
};

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  const load = name === undefined ? undefined : commands[name];
  if (load === undefined) {
    const asked = name === "help" || name === "--help" || name === "-h";
    (asked ? io.out : io.err)(await overview(asked ? undefined : name));
    return asked ? exitCodes.healthy : exitCodes.usage;
  }
  const command = await load();
  if (rest.includes("--help")) {
    io.out(`${command.summary}\n\n${command.usage}`);
    return exitCodes.healthy;
  }
  try {
    return await command.run(optionsOf(command, rest), io);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    io.err(`${error.message}\n\n${command.usage}`);
    return exitCodes.usage;
  }
}

function optionsOf(command: Command, args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...withValues(args, command.bare)],
      options: command.options,
      allowPositionals: command.positional !== undefined,
    });
    const [first, ...more] = positionals;
    if (command.positional === undefined || first === undefined) return values;
    if (more.length > 0) throw new UsageError(`one ${command.positional} is enough`);
    return { ...values, [command.positional]: first };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function overview(unknown: string | undefined): Promise<string> {
  const loaded = await Promise.all(
    Object.entries(commands).map(async ([name, load]) => [name, (await load()).summary] as const),
  );
  const lines = loaded.map(([name, summary]) => `  ${name.padEnd(12)}${summary}`);
  const first = unknown === undefined ? [] : [`There is no command "${unknown}".`, ""];
  return [...first, "responder <command> [options]", "", ...lines, "", "responder <command> --help"].join(
    "\n",
  );
}

// Not awaited at the top level: the bundle that responder.mjs starts is CommonJS, as pg and mysql2 are.
void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
