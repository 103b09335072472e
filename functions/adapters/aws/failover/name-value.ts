import * as z from "zod";

/** An address as what holds names has it: a bare host, with a port, in a URL, or in JSON as rotation of secrets writes it. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

const jsonSchema = z.looseObject({ host: z.string(), port: z.unknown().optional() });
/** With a dot: a single word in a secret may be its password. */
const bare = /^([a-z0-9-]+(?:\.[a-z0-9-]+)+\.?)(?::(\d+))?$/i;

/** The host that stands there, in lower case and without the dot of DNS; null: none that we could change. */
export function hostIn(text: string): string | null {
  const json = jsonIn(text);
  if (json !== null) return plain(json.host);
  const [, host] = bare.exec(text.trim()) ?? [];
  if (host !== undefined) return plain(host);
  return URL.canParse(text) && new URL(text).hostname !== "" ? plain(new URL(text).hostname) : null;
}

/** The same text with another address: a port only where one stood. Null: it holds none. */
export function withAddress(text: string, { host, port }: Address): string | null {
  const json = jsonIn(text);
  if (json !== null) {
    const ported =
      json.port === undefined ? {} : { port: typeof json.port === "string" ? String(port) : port };
    return JSON.stringify({ ...json, host, ...ported });
  }
  const [, found, given] = bare.exec(text.trim()) ?? [];
  if (found !== undefined) return given === undefined ? host : `${host}:${port}`;
  if (!URL.canParse(text) || hostIn(text) === null) return null;
  return replacedIn(text, { host, port });
}

/** By hand: a URL that is written back would escape a password anew. */
function replacedIn(text: string, { host, port }: Address): string {
  return text.replace(
    /^([a-z][a-z0-9+.:-]*:\/\/(?:[^@/]*@)?)([^:/?#]+)(:\d+)?/i,
    (_, before: string, __: string, given: string | undefined) =>
      `${before}${host}${given === undefined ? "" : `:${port}`}`,
  );
}

function jsonIn(text: string): z.infer<typeof jsonSchema> | null {
  try {
    return jsonSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

export function plain(host: string): string {
  return host.toLowerCase().replace(/\.$/, "");
}
