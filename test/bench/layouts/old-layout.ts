import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DecidingStep } from "../../../functions/core/contract/workflow.ts";
import { handlerNames } from "../../../lib/bundle-handlers.ts";

const functions = fileURLToPath(new URL("../../../functions", import.meta.url));

interface Entry {
  /** Files of functions, with what is taken from each. */
  readonly imports: Readonly<Record<string, string>>;
  /** Ports that it has from wiring.ts, beside clock, ids and log. */
  readonly ports: readonly string[];
  /** Takes an event to the core; `deps` are the ports. */
  readonly handler: string;
}

const contract = "core/contract/workflow.ts";
const speaking = ["incidents", "settings", "chat"] as const;

/** A step of an incident as a function of its own; the machine still says which step it wants, as it does to one function. */
function step(name: DecidingStep, call: string, file: string, ports: readonly string[]): Entry {
  const schema = name === "diagnose" ? "diagnoseInputSchema" : "coordinateInputSchema";
  return {
    imports: { [contract]: `{ ${schema} }`, [`core/respond/${file}.ts`]: `{ ${call} }` },
    ports,
    handler: `(event) => {
      const { step, ...given } = ${schema}.parse(event);
      if (step !== "${name}") throw new Error("${name} was asked for " + step);
      return ${call}(${argumentsOf[name] ?? "given.input"}, deps);
    }`,
  };
}

/** What a step is called with, where that is not its input alone. */
const argumentsOf: Partial<Record<DecidingStep, string>> = {
  prepare: "{ step, ...given }",
  announce: "given.input.incidentId",
  close: "given.input.incidentId",
  "give-up": "given.execution, given.input",
};

/** One way to every database: a function in the VPC carried both drivers. */
const bothEngines = {
  "wiring-mysql.ts": "{ mysqlDatabases }",
  "wiring-postgres.ts": "{ postgresDatabases }",
};
const databases = `(settings) => ({
  connect: (target, ...rest) =>
    (target.engine === "postgres" ? postgresDatabases : mysqlDatabases)(settings).connect(target, ...rest),
})`;

/** One function a step, as version 0.1 had them before functions followed trust; of today's core. */
const entries: Readonly<Record<string, Entry>> = {
  prepare: step("prepare", "prepare", "prepare", ["incidents", "settings"]),
  diagnose: step("diagnose", "diagnoseIncident", "diagnose-incident", ["incidents", "evidence"]),
  announce: step("announce", "announce", "announce", speaking),
  authorize: step("authorize", "authorize", "authorize", ["incidents", "settings", "killSwitch"]),
  record: step("record", "record", "record", ["incidents", "settings"]),
  close: step("close", "closeIncident", "close-incident", speaking),
  "give-up": step("give-up", "giveUp", "give-up", speaking),
  probe: {
    imports: {
      [contract]: "{ assignmentSchema }",
      "core/probes/mysql/index.ts": "{ mysqlProbes }",
      "core/probes/postgres/index.ts": "{ postgresProbes }",
      "core/respond/look-inside.ts": "{ lookInside }",
      ...bothEngines,
    },
    ports: [],
    handler: `(event) => {
      const assignment = assignmentSchema.parse(event);
      const probes = assignment.target.engine === "postgres" ? postgresProbes : mysqlProbes;
      return lookInside(assignment, probes, { ...deps, databases: ${databases} });
    }`,
  },
  "act-db": {
    imports: {
      [contract]: "{ actInputSchema }",
      "core/respond/act-on-database.ts": "{ actOnDatabase }",
      ...bothEngines,
    },
    ports: [],
    handler: `(event) => actOnDatabase(actInputSchema.parse(event), { ...deps, databases: ${databases} })`,
  },
};

/** What both layouts have in common. */
const common = ["intake", "interaction", "collect"] as const;

/** Who ran which state of the machine as far as the first message. */
export const oldStates: Readonly<Record<string, string>> = {
  Prepare: "prepare",
  NextRun: "prepare",
  Locate: "collect",
  ReadPolicy: "collect",
  Rest: "prepare",
  Collect: "collect",
  ProbePostgres: "probe",
  ProbeMysql: "probe",
  Diagnose: "diagnose",
  Announce: "announce",
};

/** The entry files by name; those that no longer exist are written into `directory`. */
export function oldLayoutFiles(directory: string): Readonly<Record<string, string>> {
  mkdirSync(directory, { recursive: true });
  const kept = handlerNames().filter((name) => common.some((known) => known === name));
  if (kept.length !== common.length)
    throw new Error(`both layouts have ${common.join(", ")}; now ${kept.join(", ")}`);
  const files = Object.fromEntries(kept.map((name) => [name, join(functions, "handlers", `${name}.ts`)]));
  for (const [name, entry] of Object.entries(entries)) {
    const file = join(directory, `${name}.ts`);
    writeFileSync(file, sourceOf(entry));
    files[name] = file;
  }
  return files;
}

function sourceOf({ imports, ports, handler }: Entry): string {
  const all = { ...imports, "wiring.ts": "* as wiring", "handlers/lazily.ts": "{ lazily }" };
  const lines = Object.entries(all).map(
    ([file, what]) => `import ${what} from ${JSON.stringify(join(functions, file))};`,
  );
  const wired = ports.map((port) => `${port}: wiring.${port}()`);
  return `${lines.join("\n")}
export const handler = lazily(() => {
  const deps = { ${["...wiring.basics()", ...wired].join(", ")} };
  return ${handler};
});
`;
}
