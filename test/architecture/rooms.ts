/** The floor of the core: what everybody may know. */
const ground = [
  "contract",
  "settings.ts",
  "database-settings.ts",
  "failover-settings.ts",
  "protected-names.ts",
  "settings-bounds.ts",
  "schedule-settings.ts",
  "webhook-settings.ts",
  "spec-id.ts",
  "errors.ts",
  "text",
];

/**
 * The rooms of the core from the top floor down, each with the rooms below it that it may know. A room that is not
 * here fails the test: decide first where it belongs. Source: DESIGN, "Dependencies point one way".
 */
const core: Readonly<Record<string, readonly string[]>> = {
  respond: [
    "failover",
    "report",
    "messages",
    "diagnosis",
    "policy",
    "incident",
    "actions",
    "probes",
    "signals",
    "metrics",
    "context",
    "ports.ts",
    "settings-ports.ts",
    "chat-port.ts",
    "context-ports.ts",
    "change-ports.ts",
    "schedule-ports.ts",
  ],
  failover: ["actions", "context", "ports.ts", "chat-port.ts", "settings-ports.ts"],
  report: ["messages", "facts", "probes", "metrics"],
  grants: ["failover", "actions", "probes"],
  diagnosis: ["rules", "remedies", "facts"],
  rules: ["remedies", "facts", "probes", "context"],
  remedies: ["facts", "policy", "actions", "probes"],
  facts: ["probes", "plans", "metrics", "context"],
  messages: ["policy", "actions"],
  policy: ["actions", "ports.ts"],
  actions: ["context", "ports.ts", "change-ports.ts", "schedule-ports.ts"],
  probes: ["locks", "plans", "ports.ts"],
  metrics: ["context", "ports.ts"],
  signals: ["ports.ts"],
  context: ["context-ports.ts"],
  incident: [],
  configuration: ["ports.ts", "settings-ports.ts"],
  locks: [],
  plans: [],
  "ports.ts": ["context-ports.ts", "chat-port.ts"],
  "chat-port.ts": [],
  "settings-ports.ts": [],
  "context-ports.ts": [],
  "change-ports.ts": ["made-group-ports.ts"],
  "made-group-ports.ts": [],
  "schedule-ports.ts": [],
  text: ["contract"],
  contract: ["settings.ts", "errors.ts"],
  "settings.ts": [
    "database-settings.ts",
    "failover-settings.ts",
    "protected-names.ts",
    "settings-bounds.ts",
    "schedule-settings.ts",
    "webhook-settings.ts",
  ],
  "database-settings.ts": [],
  "failover-settings.ts": [],
  "protected-names.ts": [],
  "settings-bounds.ts": [],
  "schedule-settings.ts": [],
  "webhook-settings.ts": [],
  "spec-id.ts": [],
  "errors.ts": [],
};

const wholeCore = Object.keys(core).map((room) => `core/${room}`);
const adapters = ["aws", "postgres", "mysql", "slack", "webhooks", "memory"].map(
  (name) => `adapters/${name}`,
);
/** Both drivers' connections live by the same deadline, trust and words; what they share is no adapter of its own. */
const acrossDrivers = "adapters/databases";
const shipped = [...wholeCore, ...adapters, acrossDrivers, "wiring", "handlers"];
const started = [...shipped, "lib", "responder.config.ts"];

/** Which room may import which. Every one may import itself. */
export const mayImport: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    Object.entries(core).map(([room, below]) => [
      `core/${room}`,
      [...below, ...(isGround(room) ? [] : ground)].map((name) => `core/${name}`),
    ]),
  ),
  ...Object.fromEntries(adapters.map((name) => [name, wholeCore])),
  "adapters/postgres": [...wholeCore, acrossDrivers],
  "adapters/mysql": [...wholeCore, acrossDrivers],
  [acrossDrivers]: wholeCore,
  wiring: [...wholeCore, ...adapters],
  handlers: [...wholeCore, "adapters/slack", "wiring"],
  lib: wholeCore,
  "responder.config.ts": ["lib"],
  bin: started,
  test: [...started, "bin"],
};

function isGround(room: string): boolean {
  return ground.includes(room);
}

/** "core/facts", "adapters/aws", "wiring", "lib"; a file at the top of the core is a room of its own. */
export function roomOf(path: string): string {
  const [top = "", second = "", third = ""] = path.split("/");
  if (top !== "functions") return top;
  if (second === "core" || second === "adapters") return `${second}/${third}`;
  return second.startsWith("wiring") ? "wiring" : second;
}
