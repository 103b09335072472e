import * as z from "zod";
import { listed } from "../world/listing.ts";
import { nameKinds } from "../world/names.ts";
import type { Resolver } from "../world/resolver.ts";
import type { World } from "../world/world.ts";
import type { Answer } from "./aws-call.ts";
import { type Faults, faultRuleSchema } from "./faults.ts";

export type Control = (method: string, url: URL, body: string) => Promise<Answer>;

/** What a test or a person asks of the lab itself, in JSON, under /_lab. */
export function createControl(world: World, faults: Faults, resolver: Resolver): Control {
  return async (method, { pathname, searchParams }, body) => {
    switch (`${method} ${pathname}`) {
      case "GET /_lab/ledger":
        return json(200, world.ledger.entries());
      case "GET /_lab/databases":
        return json(200, listed(world));
      case "GET /_lab/name":
        return name(resolver, searchParams.get("kind") ?? "dns");
      case "GET /_lab/faults":
        return json(200, faults.rules());
      case "PUT /_lab/faults":
      case "POST /_lab/faults":
        return setFaults(faults, body);
      default:
        return json(404, { error: `no ${method} ${pathname}`, known });
    }
  };
}

const known = [
  "GET /_lab/ledger",
  "GET /_lab/databases",
  "GET /_lab/name?kind=dns",
  "GET /_lab/faults",
  "POST /_lab/faults",
];

/** 409 where the name leads to more than one database: a host alone says too little when all have the same. */
function name({ resolve }: Resolver, asked: string): Answer {
  const kind = z.enum(nameKinds).safeParse(asked);
  if (!kind.success) return json(400, { error: `kind is one of ${nameKinds.join(", ")}` });
  const { host, port, databases } = resolve(kind.data);
  const ids = databases.map(({ id }) => id);
  return json(ids.length > 1 ? 409 : 200, { kind: kind.data, host, port, ids });
}

function setFaults(faults: Faults, body: string): Answer {
  const rules = z.array(faultRuleSchema).safeParse(parsed(body));
  if (!rules.success) return json(400, { error: z.prettifyError(rules.error) });
  faults.set(rules.data);
  return json(200, faults.rules());
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

export function json(status: number, value: unknown): Answer {
  return { status, contentType: "application/json", body: `${JSON.stringify(value, null, 2)}\n` };
}
