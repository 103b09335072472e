import * as z from "zod";
import { isMeantBy } from "../../text/name-pattern.ts";
import { list } from "../../text/wording.ts";
import type { DatabaseWorld } from "../define.ts";

const rowSchema = z.object({
  role: z.string(),
  superuser: z.boolean(),
  /** Its own setting, which goes before that of a database. */
  own: z.string().nullable(),
  /** Only in this database. */
  here: z.boolean(),
});
type Role = z.infer<typeof rowSchema>;

/**
 * A setting of a role in this database goes before one of the role, and that before one of the database.
 * https://www.postgresql.org/docs/current/config-setting.html#CONFIG-SETTING-SQL
 */
const sql = `select r.rolname as role, r.rolsuper as superuser, s.own, coalesce(s.here, false) as here
from pg_catalog.pg_roles r cross join pg_catalog.pg_database d
left join lateral (select split_part(c, '=', 2) as own, s.setdatabase <> 0 as here
  from pg_catalog.pg_db_role_setting s, unnest(s.setconfig) c
  where s.setrole = r.oid and s.setdatabase in (0, d.oid) and split_part(c, '=', 1) = $2
  order by s.setdatabase desc limit 1) s on true
where d.datname = $1 and r.rolcanlogin and has_database_privilege(r.oid, d.oid, 'CONNECT') order by r.rolname`;
const ofRoleSql = `select d.datname as database, split_part(c, '=', 2) as own
from pg_catalog.pg_db_role_setting s join pg_catalog.pg_roles r on r.oid = s.setrole
join pg_catalog.pg_database d on d.oid = s.setdatabase, unnest(s.setconfig) c
where r.rolname = $1 and split_part(c, '=', 1) = $2 order by 1`;
const mostNamed = 10;

interface Limit {
  readonly of: "role" | "database";
  readonly name: string;
  readonly setting: string;
}

/** Whom a limit does not reach, and whom it reaches although the policy protects them; as it follows a sentence. */
export async function reachText(world: DatabaseWorld, { of, name, setting }: Limit): Promise<string> {
  const { session, signal, guards } = world;
  const answer = await session.query(
    { sql: of === "role" ? ofRoleSql : sql, params: [name, setting] },
    signal,
  );
  if (of === "role") {
    const own = z.array(z.object({ database: z.string(), own: z.string() })).parse(answer);
    return sentence(
      "It does not hold in",
      own.map(({ database, own: value }) => `${database} (${value})`),
    );
  }
  const roles = z.array(rowSchema).parse(answer);
  const isProtected = ({ role, superuser }: Role): boolean =>
    superuser || guards.protectedUsers.some((entry) => isMeantBy(entry, role));
  const own = roles.flatMap(({ role, own: value, here }) =>
    value === null ? [] : [`${role} (${value}${here ? " in this database" : ""})`],
  );
  const spared = roles.filter((role) => role.own === null && isProtected(role)).map(({ role }) => role);
  const reached = sentence("It holds for protected roles, too, which have no limit of their own:", spared);
  return `${sentence("It does not reach roles with a limit of their own:", own)}${reached}`;
}

function sentence(begins: string, names: readonly string[]): string {
  if (names.length === 0) return "";
  const more = names.length - mostNamed;
  const shown = more > 0 ? [...names.slice(0, mostNamed), `${more} more`] : names;
  return ` ${begins} ${list(shown)}.`;
}
