import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import * as z from "zod";
import { giveCredentials } from "../endpoint/moto.ts";
import { postgresMajors } from "../engines/postgres-binaries.ts";
import { deployInto } from "./deployment.ts";
import { startLab } from "./start-lab.ts";
import { delaysSchema } from "./world/delays.ts";
import { topologies } from "./world/topology.ts";

const usage = `npm run lab -- [--engine postgres|mysql|mariadb] [--major 17] [--topology ${topologies.join("|")}]
  [--replicas N] [--name orders] [--hosts one|each] [--delay promoteMs=2000 …] [--json FILE]`;

const flagsSchema = z.object({
  engine: z.enum(["postgres", "mysql", "mariadb"]),
  major: z.coerce.number().pipe(z.literal([...postgresMajors])),
  topology: z.enum(topologies),
  replicas: z.coerce.number().int().min(0).max(5).optional(),
  name: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/),
  hosts: z.enum(["one", "each"]),
  json: z.string().min(1).optional(),
  delay: z.array(z.string()).transform((pairs) => delaysSchema.parse(delaysOf(pairs))),
});

function delaysOf(pairs: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = "", value] = pair.split("=");
      return [name, Number(value)];
    }),
  );
}

function readFlags() {
  const { values } = parseArgs({
    options: {
      engine: { type: "string", default: "postgres" },
      major: { type: "string", default: "17" },
      topology: { type: "string", default: "primary-replica" },
      replicas: { type: "string" },
      name: { type: "string", default: "orders" },
      hosts: { type: "string", default: process.platform === "linux" ? "each" : "one" },
      json: { type: "string" },
      delay: { type: "string", multiple: true, default: [] },
    },
  });
  return flagsSchema.safeParse(values);
}

const flags = readFlags();
if (!flags.success) {
  console.error(`${z.prettifyError(flags.error)}\n\n${usage}`);
  process.exit(2);
}
const { json, delay: delays, replicas, ...options } = flags.data;
// Before the start: whoever ends it in between waits for the end of the start, and nothing is left behind.
const asked = new Promise<string>((resolve) => {
  // npm runs a shell in between, which ends on a signal and passes none on.
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || resolve("the end of whoever started it"), 500);
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => resolve(signal));
});
giveCredentials();
const lab = await startLab({ ...options, delays, ...(replicas === undefined ? {} : { replicas }) });
const { table } = await deployInto(lab, options.engine);
const told = { ...lab.description(), table };
if (json !== undefined) writeFileSync(json, `${JSON.stringify(told, null, 2)}\n`);
console.log(
  [
    ...Object.entries(lab.environment).map(([name, value]) => `export ${name}=${value}`),
    `# ${options.engine} ${lab.version}, ${options.topology}; ends on SIGTERM or Ctrl-C`,
    `# --table ${table}: where failovers and what is done by hand are kept`,
    ...told.databases.map(
      ({ id, role, host, port, user, password }) => `# ${id} (${role}) ${host}:${port} ${user} ${password}`,
    ),
  ].join("\n"),
);
await asked;
await lab.stop();
// What a broken client left open must not hold the end up.
process.exit(0);
