import * as rds from "@aws-sdk/client-rds";
import * as z from "zod";

/** A call as somebody would paste it, read back: `aws rds modify-db-instance --… --…`. */
export interface PastedCall {
  readonly operation: string;
  readonly input: Readonly<Record<string, z.core.util.JSONType>>;
}

/** Schemas of the SDK: [kind, namespace, name, traits, names of members, types of members, how many are required]. */
const structureSchema = z.tuple(
  [z.literal(3), z.string(), z.string(), z.unknown(), z.array(z.string()), z.array(z.unknown())],
  z.unknown(),
);
const operationSchema = z.tuple([
  z.literal(9),
  z.string(),
  z.string(),
  z.unknown(),
  z.function({ output: z.unknown() }),
  z.unknown(),
]);
const listSchema = z.tuple([z.literal(1), z.string(), z.string(), z.unknown(), z.unknown()]);
const lazySchema = z.function({ output: z.unknown() });

interface Structure {
  readonly members: ReadonlyMap<string, unknown>;
  readonly required: readonly string[];
}

const operations: ReadonlyMap<string, Structure> = new Map(
  Object.values(rds).flatMap((each) => {
    const operation = operationSchema.safeParse(each);
    return operation.success ? [[operation.data[2], structureOf(operation.data[4]())] as const] : [];
  }),
);

function structureOf(schema: unknown): Structure {
  const [, , , , names, types, required] = structureSchema.parse(schema);
  return {
    members: new Map(names.map((name, index) => [name, types[index]])),
    required: names.slice(0, z.number().default(0).parse(required)),
  };
}

/** Commands that are joined by &&; null for a comment, which does nothing when it is pasted. */
export function pastedCalls(preview: string): readonly PastedCall[] | null {
  if (preview.startsWith("#")) return preview.includes("\n") ? [] : null;
  return preview
    .split(" &&\n")
    .map(words)
    .filter((line) => !isWait(line))
    .map(callOf);
}

/** `aws rds wait db-cluster-available …`: by the SDK's own names of what can be waited for. */
function isWait([, , command, condition]: readonly string[]): boolean {
  if (command !== "wait") return false;
  if (!Object.keys(rds).some((name) => kebab(name) === `wait-until-${condition}`)) {
    throw new Error(`nothing can wait for ${condition}`);
  }
  return true;
}

function callOf([aws, service, command, ...options]: readonly string[]): PastedCall {
  if (aws !== "aws" || service !== "rds") throw new Error(`not a call of RDS: ${aws} ${service}`);
  const operation = [...operations.keys()].find((name) => kebab(name) === command);
  const model = operations.get(operation ?? "");
  if (operation === undefined || model === undefined) throw new Error(`RDS has no ${command}`);
  return { operation, input: inputOf(model, options) };
}

function inputOf({ members }: Structure, options: readonly string[]): PastedCall["input"] {
  const input: Record<string, z.core.util.JSONType> = {};
  for (let at = 0; at < options.length; at += 1) {
    const option = options[at] ?? "";
    const name = [...members.keys()].find((member) => option === `--${kebab(member)}`);
    if (option === "--region") at += 1;
    else if (name === undefined) throw new Error(`there is no option ${option}`);
    else if (members.get(name) === 2) input[name] = true;
    else {
      at += 1;
      input[name] = readValue(members.get(name), options[at] ?? "");
    }
  }
  return input;
}

/** 0 is text, 1 a number, 2 a truth value, 4 a time; others are structures and lists. */
function readValue(type: unknown, text: string): z.core.util.JSONType {
  if (type === 0) return text;
  if (type === 4) {
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(text)) throw new Error(`${text} is no time`);
    return text;
  }
  if (type === 1) {
    if (text.trim() === "" || !Number.isFinite(Number(text))) throw new Error(`${text} is no number`);
    return Number(text);
  }
  const resolved = resolve(type);
  const list = listSchema.safeParse(resolved);
  return list.success
    ? [shorthand(structureOf(resolve(list.data[4])), text)]
    : shorthand(structureOf(resolved), text);
}

function resolve(type: unknown): unknown {
  const [inner] = z.tuple([z.unknown()], z.unknown()).safeParse(type).data ?? [];
  if (typeof inner === "function") return lazySchema.parse(inner)();
  return typeof type === "function" ? lazySchema.parse(type)() : type;
}

function shorthand({ members }: Structure, text: string): Record<string, z.core.util.JSONType> {
  return Object.fromEntries(
    text.split(",").map((pair) => {
      const [name = "", value = ""] = pair.split("=");
      if (!members.has(name)) throw new Error(`there is no member ${name}`);
      return [name, readValue(members.get(name), value)];
    }),
  );
}

/** What the SDK's model requires and the call has not. */
export function missingMembers({ operation, input }: PastedCall): readonly string[] {
  return (operations.get(operation)?.required ?? []).filter((name) => !Object.hasOwn(input, name));
}

/** The command line's own rule for names (botocore, xform_name), written a second time on purpose. */
function kebab(name: string): string {
  const words = name.match(/[A-Z]+(?=[A-Z][a-z])|[A-Z]+\d+|[A-Z]?[a-z0-9]+|[A-Z]+/g) ?? [];
  return words.join("-").toLowerCase();
}

/** As a shell splits them; there is nothing but plain words and single quotes in what we show. */
function words(line: string): readonly string[] {
  const unquoted = line.replaceAll(/'[^']*'/g, (quoted) => quoted.replaceAll(" ", "\u0000"));
  if (/[`$"\\;|<>()*?[\]{}!]/.test(unquoted.replaceAll(/'[^']*'/g, ""))) {
    throw new Error(`a shell would read more into it: ${line}`);
  }
  return unquoted.split(" ").map((word) => word.replaceAll("'", "").replaceAll("\u0000", " "));
}
