import type * as z from "zod";
import { targetSchema } from "../../functions/core/contract/target.ts";

/** As much of a target as tells it from another; what is printed and what an incident keeps both have it. */
export const placeSchema = targetSchema.pick({
  name: true,
  engine: true,
  host: true,
  port: true,
  database: true,
});
type NamedPlace = z.infer<typeof placeSchema>;
/** Of the other databases of an incident its actions keep the name in RDS alone. */
export type KnownPlace = Omit<NamedPlace, "host"> & { readonly host: string | null };

export function placeNamed({ name, engine, host, port, database }: NamedPlace): NamedPlace {
  return { name, engine, host, port, database };
}

/** Databases of MySQL and MariaDB are named in what is done to them; a connection to PostgreSQL is to one alone. */
export function samePlace(one: KnownPlace, other: NamedPlace): boolean {
  const sameServer =
    one.host === null
      ? one.name === other.name
      : one.host.toLowerCase() === other.host.toLowerCase() && one.port === other.port;
  return (
    sameServer &&
    one.engine === other.engine &&
    (one.engine !== "postgres" || one.database === other.database)
  );
}

/** On AWS it is the instance that counts; its host tells it from one of that name in another account or Region. */
export function sameInstance(one: KnownPlace, other: NamedPlace): boolean {
  const sameHost = one.host === null || one.host.toLowerCase() === other.host.toLowerCase();
  return one.name === other.name && one.engine === other.engine && sameHost;
}

export function inWords({ name, host, port, database }: KnownPlace): string {
  return `${host === null ? name : `${host}:${port}`}${database === null ? "" : `/${database}`}`;
}
